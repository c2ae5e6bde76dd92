"""DynamoDB: tables."""

from . import table

TYPES = (*table.TYPES,)
