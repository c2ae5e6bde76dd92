"""Systems Manager: parameters."""

from . import parameter

TYPES = (*parameter.TYPES,)
