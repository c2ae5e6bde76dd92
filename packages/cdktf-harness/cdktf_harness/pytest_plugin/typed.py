"""Outputs with the types that a test states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cdktf_harness.synthesis.matching import show

T = TypeVar("T")


def typed(value: Any, type_: type[T], where: str) -> T:
    """Return `value` as a `type_`: a type of JSON, `list[...]`, `dict[str, ...]` or a dataclass of these.

    Fails with `where` if it is another.
    """
    __tracebackhide__ = True
    origin, inner = get_origin(type_) or type_, get_args(type_)
    result: Any
    if is_dataclass(type_) and isinstance(value, Mapping):
        hints = get_type_hints(type_)
        if missing := [one.name for one in fields(type_) if one.name not in value]:
            raise AssertionError(f"{where} has no {', '.join(missing)}; it has {', '.join(value)}")
        result = type_(**{name: typed(value[name], hint, f"{where}.{name}") for name, hint in hints.items()})
    elif origin is list and inner and isinstance(value, list):
        result = [typed(each, inner[0], f"{where}[{index}]") for index, each in enumerate(value)]
    elif origin is dict and inner and isinstance(value, Mapping):
        result = {key: typed(each, inner[1], f"{where}.{key}") for key, each in value.items()}
    elif type_ is Any or (isinstance(value, origin) and (origin is bool or not isinstance(value, bool))):
        result = value
    else:
        raise AssertionError(f"{where} must be {getattr(type_, '__name__', type_)}; it is {show(value)}")
    return cast("T", result)
