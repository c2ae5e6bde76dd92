"""Patches of Lambda; `cloud/functions` runs its functions."""
