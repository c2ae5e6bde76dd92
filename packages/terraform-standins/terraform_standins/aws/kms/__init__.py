"""KMS: keys."""

from . import key

TYPES = key.TYPES
