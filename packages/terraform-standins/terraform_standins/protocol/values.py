"""Terraform's values in Python: dicts, lists, strings, numbers, booleans, None for null, and UNKNOWN."""

from __future__ import annotations

from typing import Any, Final

Values = dict[str, Any]


class Unknown:
    """A value that is known after the apply; `UNKNOWN` is the only instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()


class Null:
    """A null in the result of a read, where None would become the zero value; `NULL` is the only instance."""


NULL: Final = Null()


def is_zero(value: Any) -> bool:
    """Whether SDKv2 treats the value as not set: null, "", 0, false, [] or {}."""
    return value is None or (value is not UNKNOWN and value in ("", 0, False, [], {}))


def is_known(value: Any) -> bool:
    """Whether no part of the value is unknown."""
    if isinstance(value, dict):
        return all(is_known(element) for element in value.values())
    if isinstance(value, list):
        return all(is_known(element) for element in value)
    return value is not UNKNOWN


def without_unknown(value: Any) -> Any:
    """The value with null instead of unknown parts."""
    if isinstance(value, dict):
        return {key: without_unknown(element) for key, element in value.items()}
    if isinstance(value, list):
        return [without_unknown(element) for element in value]
    return None if value is UNKNOWN else value


def same(old: Any, new: Any) -> bool:
    """Whether SDKv2 finds no difference: at any depth equal, or both not set."""
    if isinstance(old, dict) and isinstance(new, dict):
        # A map entry with an empty value is still an entry. Blocks have the same names on both sides.
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return (old is new) or bool(old == new) or (is_zero(old) and is_zero(new))
