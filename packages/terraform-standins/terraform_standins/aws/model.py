"""Convert Terraform's values to AWS's requests, and AWS's answers to Terraform's values.

The recorded schema describes Terraform's side, botocore's model of the service AWS's. An argument belongs to the member
of a structure that has the same name without case and underscores (`kms_master_key_id` and `KMSMasterKeyID`), or the
name in the `names` of a type. A block is a structure or a list of structures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from ..protocol.schema import Block, NestedBlock
from ..protocol.values import Values, is_zero

Names = Mapping[str, str]
"""Argument -> AWS's name, where the spelling differs; an argument in a block is `block.argument`."""

_EMPTY: Mapping[str, Any] = {"string": "", "boolean": False, "list": [], "map": {}, "structure": {}}
_STRUCTURED = ("structure", "list", "map")
_NOT_AWS = ("region", "tags_all", "timeouts")


def given(**arguments: Any) -> dict[str, Any]:
    """The arguments that are set: not null and not zero, as in SDKv2's GetOk."""
    return {key: value for key, value in arguments.items() if not is_zero(value)}


def first(blocks: list[Values] | None) -> Values:
    """The element of a block that occurs at most once; {} if it is missing."""
    return blocks[0] if blocks else {}


def timestamp(moment: datetime | None) -> str:
    """`2026-11-24T13:00:04Z`."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def text(value: Any) -> str:
    """A value as a string, for AWS's attributes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(text, value))
    return "" if value is None else str(value)


def pairs(block: Block, structure: Any, names: Names) -> dict[str, str]:
    """The arguments of a block -> the matching members of a structure in botocore's model."""
    members = {} if structure is None else structure.members
    spelled = {_plain(member): member for member in members}
    found = {}
    for name in (*block.attributes, *block.blocks):
        for member in (names.get(name), spelled.get(_plain(name))):
            if member and member in members and name not in _NOT_AWS and _fits(block, name, members[member]):
                found[name] = member
                break
    return found


def to_aws(block: Block, structure: Any, values: Values, names: Names, keep: Collection[str] = ()) -> dict[str, Any]:
    """Build a structure of AWS's API from the arguments of a block.

    Zero values are omitted, unless the argument is required, has a default or is in `keep`.
    """
    members: dict[str, Any] = {}
    for name, member in pairs(block, structure, names).items():
        value, attribute = values.get(name), block.attributes.get(name)
        wanted = attribute is not None and (attribute.required or None not in (attribute.default, value))
        if name in values and (name in keep or not is_zero(value) or (wanted and member not in members)):
            nested = block.blocks.get(name)
            members[member] = _write(value, structure.members[member], nested, _inner(names, name))
    return members


def from_aws(block: Block, structure: Any, answer: Mapping[str, Any], names: Names) -> Values:
    """The arguments of a block from a structure of AWS's API; None for a missing member."""
    return {
        name: _read(answer.get(member), structure.members[member], block.blocks.get(name), _inner(names, name))
        for name, member in pairs(block, structure, names).items()
    }


def _write(value: Any, shape: Any, nested: NestedBlock | None, names: Names) -> Any:
    kind = shape.type_name
    if nested is not None:
        structure = shape.member if kind == "list" else shape
        blocks = [to_aws(nested.block, structure, one, names) for one in value or ()]
        return blocks if kind == "list" else first(blocks)
    if value is None:
        return _EMPTY.get(kind, 0)
    if kind == "list" and isinstance(value, dict):
        return [dict(zip(shape.member.members, entry, strict=True)) for entry in value.items()]
    if isinstance(value, str) and kind != "string":
        return {"integer": int, "long": int, "double": float, "float": float}.get(kind, str)(value)
    return value


def _read(value: Any, shape: Any, nested: NestedBlock | None, names: Names) -> Any:
    if nested is not None:
        structure = shape.member if shape.type_name == "list" else shape
        answers = value or () if shape.type_name == "list" else () if value is None else (value,)
        return [from_aws(nested.block, structure, one, names) for one in answers]
    if isinstance(value, datetime):
        return timestamp(value)
    if shape.type_name == "list" and shape.member.type_name == "structure":
        key, its_value = shape.member.members
        return {entry[key]: entry.get(its_value, "") for entry in value or ()}
    return value


def _fits(block: Block, name: str, shape: Any) -> bool:
    """Whether the type of a member fits an argument: equal names may have different types."""
    kind: str = shape.type_name
    if name in block.blocks:
        return kind == "structure" or (kind == "list" and bool(shape.member.type_name == "structure"))
    type_ = block.attributes[name].type
    if isinstance(type_, str):
        return kind not in _STRUCTURED
    if type_[0] == "map":
        return kind == "map" or (kind == "list" and len(getattr(shape.member, "members", ())) == 2)
    return kind == "list" and shape.member.type_name not in _STRUCTURED


def _inner(names: Names, block: str) -> Names:
    start = f"{block}."
    return {name.removeprefix(start): member for name, member in names.items() if name.startswith(start)}


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
