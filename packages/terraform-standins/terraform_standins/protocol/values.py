"""Terraform values as Python: dicts, lists, strings, numbers, booleans, None for null and UNKNOWN."""

from __future__ import annotations

from typing import Any, Final

Values = dict[str, Any]


class Unknown:
    """A value that only the apply will tell (there is one instance, `UNKNOWN`)."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()


class Null:
    """A value that a read says is null where None would become the zero value (there is one instance, `NULL`)."""


NULL: Final = Null()


def is_zero(value: Any) -> bool:
    """Whether SDKv2 cannot tell the value from one that is not set: null, "", 0, false, [] or {}."""
    return value is None or (value is not UNKNOWN and value in ("", 0, False, [], {}))


def is_known(value: Any) -> bool:
    """Whether no part of the value is unknown."""
    if isinstance(value, dict):
        return all(is_known(element) for element in value.values())
    if isinstance(value, list):
        return all(is_known(element) for element in value)
    return value is not UNKNOWN


def without_unknown(value: Any) -> Any:
    """The same value with null in the place of what is unknown."""
    if isinstance(value, dict):
        return {key: without_unknown(element) for key, element in value.items()}
    if isinstance(value, list):
        return [without_unknown(element) for element in value]
    return None if value is UNKNOWN else value


def same(old: Any, new: Any) -> bool:
    """Whether SDKv2 finds no difference: equal, or both not set, at any depth."""
    if isinstance(old, dict) and isinstance(new, dict):
        # An entry with an empty value is an entry of a map; blocks have the same names on both sides.
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return (old is new) or bool(old == new) or (is_zero(old) and is_zero(new))
