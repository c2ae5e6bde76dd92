"""DynamoDB: tables."""

from .table import TYPES as TYPES
