"""Errors of JSON texts in the words of Go's encoding/json, which the real providers show."""

from __future__ import annotations

import json
from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
}


def describe(error: json.JSONDecodeError) -> str:
    """`invalid character 'o' looking for beginning of object key string`."""
    if error.pos >= len(error.doc) or error.msg.startswith("Unterminated string"):
        return "unexpected end of JSON input"
    return f"invalid character '{error.doc[error.pos]}' {_WORDS.get(error.msg, error.msg)}"
