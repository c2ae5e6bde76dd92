"""Schemas of the pinned provider versions, as JSON; the programs beside them write them, nothing else does."""
