"""Convert Terraform's values to AWS's requests, and AWS's answers to Terraform's values.

The recorded schema describes Terraform's side, botocore's model of the service AWS's. An argument belongs to the member
of a structure that has the same name without case and underscores (`kms_master_key_id` and `KMSMasterKeyID`), or the
path in the `names` of a type, such as `Metric.Name`, `Layers[].Arn`, `Rules[Name=a].Value` or `Id|VpcId` (the first
that exists). A block is a structure or a list of structures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..protocol.schema import Block, NestedBlock
from ..protocol.values import Values, is_zero

Names = Mapping[str, str]
"""Argument -> AWS's name or path, where the spelling differs; an argument in a block is `block.argument`."""

SAME = "."
"""The path of a block whose arguments are members of the structure itself."""
_EMPTY: Mapping[str, Any] = {"string": "", "boolean": False, "list": [], "map": {}, "structure": {}}
_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "long": int,
    "double": float,
    "float": float,
    "boolean": "true".__eq__,
}
_TRUE = ("true", "enabled", "enabling")
_STRUCTURED = ("structure", "list", "map")
_NOT_AWS = ("region", "tags_all", "timeouts")
# The keys in brackets may have dots.
_DOT = re.compile(r"\.(?![^\[]*\])")
_KEYED = re.compile(r"(\w+)\[(\w+)=([^\]]+)\]")


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


def pairs(block: Block, structure: Any, names: Names, wrapper: str = "", noun: str = "") -> dict[str, str]:
    """The arguments of a block -> the paths of the matching members of a structure in botocore's model."""
    found = {}
    for name in (*block.attributes, *block.blocks):
        for path in () if structure is None or name in _NOT_AWS else _paths(name, structure, names, wrapper, noun):
            shape = member(structure, path)
            if shape is None or not _fits(block, name, shape, named=name in names, each="[]" in path):
                continue
            if path != SAME or pairs(block.blocks[name].block, shape, _inner(names, name)):
                found[name] = path
                break
    return found


def _paths(name: str, structure: Any, names: Names, wrapper: str, noun: str) -> Iterator[str]:
    # A call for several objects has the plural: VpcId and VpcIds.
    for path in names[name].split("|") if name in names else ():
        yield from (path, f"{path}s")
    plain = _plain(name)
    inside = member(structure, wrapper) if wrapper else None
    for start, part in (("", structure), (f"{wrapper}.", inside)):
        spelled = {} if part is None else {_plain(one): one for one in part.members}
        forms = (plain, f"{plain}s", *((f"{_plain(noun)}{plain}",) if noun else ()))
        yield from (f"{start}{spelled[one]}" for one in forms if one in spelled)


def member(structure: Any, path: str) -> Any:
    """The shape at a path in a structure, such as `Vpcs[].VpcId`; None if there is none."""
    shape = structure
    for part in () if path == SAME else _DOT.split(path):
        name, bracket, _ = part.partition("[")
        shape = getattr(shape, "members", {}).get(name)
        if bracket and shape is not None:
            shape = shape.member if shape.type_name == "list" else None
    return shape


def value_at(answer: Mapping[str, Any], path: str) -> Any:
    """The value at a path in an answer; with `[]` in the path the list of all such values."""
    if path == SAME:
        return answer
    head, rest = _parted(path)
    if not head.endswith("[]"):
        if keyed := _KEYED.fullmatch(head):
            name, key, wanted = keyed.groups()
            value = next((one for one in answer.get(name) or () if one.get(key) == wanted), None)
        else:
            value = answer.get(head)
        return value_at(value, rest) if rest and value is not None else value
    found = (value_at(one, rest) if rest else one for one in answer.get(head[:-2]) or ())
    return [one for value in found for one in (value if "[]" in rest else (value,))]


def _parted(path: str) -> tuple[str, str]:
    head, *rest = _DOT.split(path, maxsplit=1)
    return head, "".join(rest)


def _put(members: dict[str, Any], path: str, value: Any) -> None:
    head, rest = _parted(path)
    if path == SAME:
        members.update(value)
    elif keyed := _KEYED.fullmatch(head):
        name, key, wanted = keyed.groups()
        members.setdefault(name, []).append({key: wanted})
        _put(members[name][-1], rest, value)
    elif head.endswith("[]"):
        members[head[:-2]] = [_at(rest, one) for one in (value if isinstance(value, list) else [value])]
    elif rest:
        _put(members.setdefault(head, {}), rest, value)
    else:
        members[head] = value


def _at(path: str, value: Any) -> dict[str, Any]:
    members: dict[str, Any] = {}
    _put(members, path, value)
    return members


def to_aws(
    block: Block,
    structure: Any,
    values: Values,
    names: Names,
    keep: Collection[str] = (),
    wrapper: str = "",
    noun: str = "",
) -> dict[str, Any]:
    """Build a structure of AWS's API from the arguments of a block.

    Zero values are omitted, unless the argument is required, has a default or is in `keep`.
    """
    members: dict[str, Any] = {}
    written: set[str] = set()
    for name, path in pairs(block, structure, names, wrapper, noun).items():
        value, attribute = values.get(name), block.attributes.get(name)
        wanted = attribute is not None and (attribute.required or None not in (attribute.default, value))
        if name in values and (name in keep or not is_zero(value) or (wanted and path not in written)):
            nested = block.blocks.get(name)
            shape, several = member(structure, path), "[]" in path and isinstance(value, list)
            written_value = value if several else _write(value, shape, nested, _inner(names, name))
            _put(members, path, written_value)
            written.add(path)
    if "Quantity" in getattr(structure, "members", ()):
        members.setdefault("Quantity", len(members.get("Items", ())))
    return members


def from_aws(
    block: Block, structure: Any, answer: Mapping[str, Any], names: Names, wrapper: str = "", noun: str = ""
) -> Values:
    """The arguments of a block from a structure of AWS's API; None for a missing member."""
    return {
        name: _read(value_at(answer, path), member(structure, path), block, name, _inner(names, name))
        for name, path in pairs(block, structure, names, wrapper, noun).items()
    }


def _items(shape: Any, *, blocks: bool) -> Any:
    """The list in CloudFront's form of one, `{Quantity, Items}`; any other shape unchanged."""
    members = getattr(shape, "members", {})
    listed = "Quantity" in members and "Items" in members
    return members["Items"] if listed and blocks == hasattr(members["Items"].member, "members") else shape


def _write(value: Any, shape: Any, nested: NestedBlock | None, names: Names) -> Any:
    items = _items(shape, blocks=nested is not None)
    if items is not shape:
        listed = _write(value, items, nested, names)
        enabled = {"Enabled": bool(listed)} if "Enabled" in shape.members else {}
        return {"Quantity": len(listed), "Items": listed, **enabled}
    kind = shape.type_name
    if nested is not None:
        structure = shape.member if kind == "list" else shape
        blocks = [to_aws(nested.block, structure, one, names) for one in value or ()]
        return blocks if kind == "list" else first(blocks)
    if value is None:
        return _EMPTY.get(kind, 0)
    if kind == "list" and isinstance(value, dict):
        return [dict(zip(shape.member.members, entry, strict=True)) for entry in value.items()]
    if kind == "list" and not isinstance(value, list):
        return [value]
    if kind == "string" and not isinstance(value, str):
        return ("DISABLED", "ENABLED")[value] if isinstance(value, bool) and "ENABLED" in shape.enum else text(value)
    if isinstance(value, str) and kind != "string":
        return _FROM_TEXT.get(kind, str)(value)
    return value


def _read(value: Any, shape: Any, block: Block, name: str, names: Names) -> Any:
    items = _items(shape, blocks=name in block.blocks)
    if items is not shape:
        return _read((value or {}).get("Items"), items, block, name, names)
    if name in block.blocks:
        structure = shape.member if shape.type_name == "list" else shape
        answers = value or () if shape.type_name == "list" else () if value is None else (value,)
        return [from_aws(block.blocks[name].block, structure, one, names) for one in answers]
    if isinstance(value, datetime):
        return timestamp(value)
    if shape.type_name == "list" and shape.member.type_name == "structure":
        key, its_value = shape.member.members
        return {entry[key]: entry.get(its_value, "") for entry in value or ()}
    if isinstance(value, list) and isinstance(block.attributes[name].type, str):
        return value[0] if value else None
    if isinstance(value, str) and isinstance(block.attributes[name].type, list):
        return value.split(",") if value else []
    is_text = isinstance(value, str) and block.attributes[name].type == "bool"
    return value.lower() in _TRUE if is_text else value


def _fits(block: Block, name: str, shape: Any, *, named: bool, each: bool) -> bool:
    """Whether the type of a member fits an argument: equal names may have different types."""
    shape = _items(shape, blocks=name in block.blocks)
    kind: str = shape.type_name
    if name in block.blocks:
        return kind == "structure" or (kind == "list" and bool(shape.member.type_name == "structure"))
    type_ = block.attributes[name].type
    if isinstance(type_, str):
        return kind not in _STRUCTURED or (named and kind == "list" and shape.member.type_name not in _STRUCTURED)
    if type_[0] == "map":
        return kind == "map" or (kind == "list" and len(getattr(shape.member, "members", ())) == 2)
    if each or (named and kind == "string"):
        return kind not in _STRUCTURED
    return kind == "list" and shape.member.type_name not in _STRUCTURED


def _inner(names: Names, block: str) -> Names:
    start = f"{block}."
    return {name.removeprefix(start): member for name, member in names.items() if name.startswith(start)}


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
