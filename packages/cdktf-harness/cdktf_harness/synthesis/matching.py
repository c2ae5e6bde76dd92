"""Compare expected values with actual ones, and report the differences."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sentinel:
    """Stands for a value that there is not; `text` is how it is shown."""

    text: str

    def __repr__(self) -> str:
        return self.text


# The expected value of an attribute that must not exist, and the actual value of one that does not.
ABSENT = Sentinel("ABSENT")


def mismatches(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Return a line for each place where `actual` differs from `expected`.

    Only the keys of an expected mapping are compared. A mapping also matches a list of one, since blocks are lists. A
    pattern (`re.compile`) must match the whole text. Anything else is compared with `==`.
    """
    if isinstance(expected, Mapping):
        if isinstance(actual, list) and len(actual) == 1:
            return mismatches(expected, actual[0], f"{path}.0")
        if not isinstance(actual, Mapping):
            return [_line(path, expected, actual)]
        return [
            line for key, value in expected.items() for line in mismatches(value, look_up(actual, key), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [line for index, (left, right) in pairs for line in mismatches(left, right, f"{path}.{index}")]
    if isinstance(expected, re.Pattern):
        return [] if isinstance(actual, str) and expected.fullmatch(actual) else [_line(path, expected, actual)]
    return [] if expected == actual else [_line(path, expected, actual)]


def look_up(values: Any, path: str) -> Any:
    """Return the value at a dotted path (`environment.0.variables.MODE`); the index of a list of one may be omitted."""
    if isinstance(values, Mapping) and path in values:
        return values[path]
    for part in path.split("."):
        if isinstance(values, list) and not part.isdigit() and len(values) == 1:
            values = values[0]
        if isinstance(values, Mapping):
            values = values.get(part, ABSENT)
        elif isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        else:
            return ABSENT
    return values


def differences(left: Any, right: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Return the dotted paths at which two documents differ, with both values; ABSENT for a missing one."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        keys = sorted(left.keys() | right.keys())
        pairs = [(key, left.get(key, ABSENT), right.get(key, ABSENT)) for key in keys]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = [(str(index), a, b) for index, (a, b) in enumerate(zip(left, right, strict=True))]
    else:
        return {} if left == right else {path: (left, right)}
    return {
        where: values
        for key, a, b in pairs
        for where, values in differences(a, b, f"{path}.{key}" if path else key).items()
    }


def show(value: Any, limit: int = 300) -> str:
    """Return a value as one line of at most `limit` characters."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except TypeError:
        text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _line(path: str, expected: Any, actual: Any) -> str:
    return f"{path.lstrip('.') or 'value'}: expected {show(expected)}, is {show(actual)}"
