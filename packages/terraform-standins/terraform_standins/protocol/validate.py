"""Checks that need no provider configuration, with the messages of the real providers.

A schema's `checks` are a list of objects, one per check; `CHECKS` and `RELATIONS` implement each kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from .diagnostics import Diagnostic, Path
from .json_errors import describe
from .schema import Attribute, Block
from .values import UNKNOWN, Values, is_zero

# Arguments that the base classes handle for every type.
_EVERYWHERE = frozenset({"id", "region", "tags", "tags_all", "timeouts"})
# Further keys of a check: another message, and whether it contains only the last part of the path.
_MODIFIERS = ("message", "last")
_NO_ARN = '"ATTR" (VALUE) is an invalid ARN: arn: invalid prefix'


def unsupported(
    block: Block, arguments: Collection[str], config: Values, owner: str, advice: str
) -> Iterator[Diagnostic]:
    """An error for each argument that is set but not implemented."""
    heads = {argument.split(".", 1)[0] for argument in arguments}
    for name in (*block.attributes, *block.blocks):
        value = config.get(name)
        if name in _EVERYWHERE or is_zero(value) or value == _default(block, name):
            continue
        settable = name in block.blocks or block.attributes[name].settable
        if settable and name not in heads:
            yield _refusal(owner, (name,), advice)
        elif name in block.blocks and name not in arguments and isinstance(value, list):
            inner = [argument.removeprefix(f"{name}.") for argument in arguments if argument.startswith(f"{name}.")]
            for index, element in enumerate(value):
                for key, element_value in element.items() if isinstance(element, dict) else ():
                    default = _default(block.blocks[name].block, key)
                    if key not in inner and not is_zero(element_value) and element_value != default:
                        yield _refusal(owner, (name, index, key), advice)


def _default(block: Block, name: str) -> Any:
    return block.attributes[name].default if name in block.attributes else None


def _refusal(owner: str, path: Path, advice: str) -> Diagnostic:
    name = ".".join(map(str, path))
    return Diagnostic(f"{owner}: the bundled provider does not support the argument {name}", advice, path)


def check(block: Block, config: Values, path: Path = ()) -> Iterator[Diagnostic]:
    """An error for each value that fails a check of its schema."""
    for name, attribute in block.attributes.items():
        yield from _check_attribute(attribute, config.get(name), name, (*path, name), config)
    for name, nested in block.blocks.items():
        value = config.get(name)
        elements = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
        for index, element in enumerate(elements):
            if isinstance(element, dict):
                yield from check(nested.block, element, (*path, name, index))


def _check_attribute(attribute: Attribute, value: Any, name: str, path: Path, siblings: Values) -> Iterator[Diagnostic]:
    for rule in attribute.checks:
        ((kind, parameter),) = ((k, v) for k, v in rule.items() if k not in _MODIFIERS)
        if kind in RELATIONS:
            yield from RELATIONS[kind](name, value, parameter, path, siblings)
        elif value is not None and value is not UNKNOWN:
            yield from _check_elements(kind, parameter, rule, value, path)


def _check_elements(kind: str, parameter: Any, rule: Mapping[str, Any], value: Any, path: Path) -> Iterator[Diagnostic]:
    elements = [(path, value)] if not isinstance(value, list) else [((*path, i), v) for i, v in enumerate(value)]
    for at, element in elements:
        if element is None or element is UNKNOWN:
            continue
        message = CHECKS[kind](element, parameter)
        if message:
            message = rule.get("message", message)
            names = [step for step in at if isinstance(step, str)][-1:] if rule.get("last") else at
            name = ".".join(map(str, names))
            yield Diagnostic(message.replace("ATTR", name).replace("VALUE", str(element)), path=path)


def _conflicts(name: str, value: Any, others: Any, path: Path, siblings: Values) -> Iterator[Diagnostic]:
    if value is None or value is UNKNOWN:
        return
    for other in others:
        if not is_zero(siblings.get(other)):
            yield Diagnostic("Conflicting configuration arguments", f'"{name}": conflicts with {other}', path)


def _exactly_one(name: str, _value: Any, names: Any, path: Path, siblings: Values) -> Iterator[Diagnostic]:
    given = [other for other in names if siblings.get(other) not in (None, [], UNKNOWN)]
    unknown = any(siblings.get(other) is UNKNOWN for other in names)
    told = ""
    if len(given) > 1:
        told = f"only one of `{','.join(names)}` can be specified, but `{','.join(given)}` were specified."
    elif not given and not unknown:
        told = f"one of `{','.join(names)}` must be specified"
    if told:
        yield Diagnostic("Invalid combination of arguments", f'"{name}": {told}', path)


def _max_items(name: str, value: Any, most: Any, path: Path, _siblings: Values) -> Iterator[Diagnostic]:
    if isinstance(value, list) and len(value) > most:
        full = ".".join(map(str, path))
        told = f"Attribute {full} supports {most} item maximum, but config has {len(value)} declared."
        yield Diagnostic("Too many list items", told, path)


def _one_of(value: Any, allowed: Any) -> str:
    quoted = " ".join(f'"{item}"' if isinstance(item, str) else str(item) for item in allowed)
    return "" if value in allowed else f"expected ATTR to be one of [{quoted}], got VALUE"


def _within(value: Any, bounds: Any, what: str) -> str:
    low, high = bounds
    return "" if low <= value <= high else f"expected {what} to be in the range ({low} - {high}), got VALUE"


def _json(value: Any, what: Any) -> str:
    if what == "policy" and not value:
        return '"ATTR" is an empty string, which is not a valid JSON value'
    if what == "policy" and value != value.lstrip():
        return '"ATTR" contains an invalid JSON policy: leading space characters are not allowed'
    try:
        json.loads(value)
    except json.JSONDecodeError as error:
        reason = describe(error)
        if what == "policy":
            return f'"ATTR" contains an invalid JSON policy: {reason}, at byte offset {error.pos + 1}'
        return f'"ATTR" contains an invalid JSON: {reason}'
    return ""


CHECKS: Mapping[str, Callable[[Any, Any], str]] = {
    "one_of": _one_of,
    "range": lambda value, bounds: _within(value, bounds, "ATTR"),
    "at_least": lambda value, low: "" if value >= low else f"expected ATTR to be at least ({low}), got VALUE",
    "length": lambda value, bounds: _within(len(value), bounds, "length of ATTR"),
    "matches": lambda value, form: "" if re.search(form, value) else f"invalid value for ATTR (must match {form})",
    "arn": lambda value, _: _NO_ARN if value and not value.startswith("arn:") else "",
    "json": _json,
}
# Checks of more than one value.
RELATIONS: Mapping[str, Callable[[str, Any, Any, Path, Values], Iterator[Diagnostic]]] = {
    "conflicts_with": _conflicts,
    "exactly_one_of": _exactly_one,
    "max_items": _max_items,
}
