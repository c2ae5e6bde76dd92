"""Compares each answer of the embedded cloud with botocore's model of it, in each process that has this on its path.

Deviations are lines `SHAPE.PATH: WHAT` of the file that ANSWERS names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from botocore import parsers

ANSWERS = "TERRAFORM_STANDINS_TESTS_ANSWERS"
_TYPES = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


def deviations(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What is not as in the model: missing members, types, and values of an enumeration."""
    kind: str = shape.type_name
    expected: Any = _TYPES.get(kind, (object,))
    # A policy is text that botocore's clients parse later; a stream is no value.
    if value is None or not isinstance(value, expected):
        yield f"{path}: {type(value).__name__} instead of {kind}"
    elif kind == "string" and shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is not in the enumeration"
    elif kind == "structure":
        yield from (f"{path}.{name}: missing" for name in shape.required_members if name not in value)
        for name in shape.members.keys() & value.keys():
            yield from deviations(shape.members[name], value[name], f"{path}.{name}")
    elif kind == "list":
        for one in value:
            yield from deviations(shape.member, one, f"{path}[]")
    elif kind == "map":
        for one in value.values():
            yield from deviations(shape.value, one, f"{path}{{}}")


def _parse(parser: Any, response: Any, shape: Any) -> Any:
    parsed = _original(parser, response, shape)
    if shape is not None and response["status_code"] < 300 and (file := os.environ.get(ANSWERS)):
        found = {*deviations(shape, parsed, shape.name)}
        if found:
            with open(file, "a") as log:
                log.write("".join(f"{line}\n" for line in sorted(found)))
    return parsed


_original = parsers.ResponseParser.parse
parsers.ResponseParser.parse = _parse
