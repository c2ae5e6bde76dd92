"""Data sources for the caller's account, region and partition."""

from . import location

TYPES = (*location.TYPES,)
