"""Data sources that say where one is."""

from . import location

TYPES = (*location.TYPES,)
