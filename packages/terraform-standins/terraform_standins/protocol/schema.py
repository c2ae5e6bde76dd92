"""Schemas: load them from JSON, convert them for Terraform, and conform values to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import tfplugin_pb2 as pb
from .values import UNKNOWN, Values

Type = Any
"""A type in cty's JSON notation: "string", ["list", "string"], ["object", {...}]."""

_ZERO: Mapping[str, Any] = {"string": "", "number": 0, "bool": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute; the protocol does not contain `default`, `force_new` and `checks`."""

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    deprecated: bool = False
    write_only: bool = False
    force_new: bool = False
    default: Any = None
    checks: tuple[Mapping[str, Any], ...] = ()

    @property
    def settable(self) -> bool:
        """Whether a configuration may give it a value."""
        return self.required or self.optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The attributes and nested blocks of a block."""

    attributes: Mapping[str, Attribute]
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        """Read a block of a schema file."""
        return cls(
            attributes={
                name: Attribute(**{**attribute, "checks": tuple(attribute.get("checks", ()))})
                for name, attribute in data.get("attributes", {}).items()
            },
            blocks={
                name: NestedBlock(**{**nested, "block": cls.from_json(nested["block"])})
                for name, nested in data.get("blocks", {}).items()
            },
        )

    def requires(self, name: str) -> bool:
        """Whether `name` is a required attribute."""
        return name in self.attributes and self.attributes[name].required

    @property
    def write_only(self) -> list[str]:
        """The attributes that only a configuration has."""
        return [name for name, attribute in self.attributes.items() if attribute.write_only]

    def conform(self, values: Mapping[str, Any]) -> Values:
        """Exactly this block's attributes and blocks, with their types; missing and write-only ones are null."""
        conformed: Values = {
            name: None if a.write_only else _convert(values.get(name), a.type) for name, a in self.attributes.items()
        }
        for name, nested in self.blocks.items():
            conformed[name] = nested.conform(values.get(name))
        return conformed

    def filled(self, values: Mapping[str, Any]) -> Values:
        """The values with zero values for nulls at any depth, as SDKv2 stores a nested block."""
        return {
            **{name: zero(a.type) if values.get(name) is None else values[name] for name, a in self.attributes.items()},
            **{name: nested.filled(values.get(name)) for name, nested in self.blocks.items()},
        }

    def to_proto(self) -> pb.Schema.Block:
        """The block in the protocol's form."""
        return pb.Schema.Block(
            attributes=[
                pb.Schema.Attribute(
                    name=name,
                    type=json.dumps(a.type).encode(),
                    required=a.required,
                    optional=a.optional,
                    computed=a.computed,
                    sensitive=a.sensitive,
                    deprecated=a.deprecated,
                    write_only=a.write_only,
                )
                for name, a in self.attributes.items()
            ],
            block_types=[nested.to_proto(name) for name, nested in self.blocks.items()],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedBlock:
    """A nested block; the protocol does not contain `force_new`, `computed` and `keep_when_absent`."""

    nesting: str
    block: Block
    min_items: int = 0
    max_items: int = 0
    force_new: bool = False
    computed: bool = False
    keep_when_absent: bool = False
    """Omitting the block removes its arguments, not the block (SuppressMissingOptionalConfigurationBlock)."""

    def conform(self, value: Any) -> Any:
        """The block's values: a dict or None for `single`, else a list."""
        if value is UNKNOWN:
            return UNKNOWN
        if self.nesting == "single":
            return None if value is None else self.block.conform(value)
        return [UNKNOWN if element is UNKNOWN else self.block.conform(element) for element in value or ()]

    def filled(self, value: Any) -> Any:
        """As `Block.filled`; `timeouts` (the only `single` blocks) stay unchanged."""
        if self.nesting == "single" or value is UNKNOWN:
            return value
        return [self.block.filled(element) for element in value or ()]

    def to_proto(self, name: str) -> pb.Schema.NestedBlock:
        """The block in the protocol's form."""
        return pb.Schema.NestedBlock(
            type_name=name,
            block=self.block.to_proto(),
            nesting=pb.Schema.NestedBlock.NestingMode.Value(self.nesting.upper()),
            min_items=self.min_items,
            max_items=self.max_items,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The schema of a provider, resource, data source or ephemeral resource."""

    version: int
    block: Block

    @classmethod
    def load(cls, path: Path) -> Schema:
        """Read a schema file. Raises OSError if it cannot be read."""
        data = json.loads(path.read_bytes())
        return cls(version=data.get("version", 0), block=Block.from_json(data["block"]))

    def to_proto(self) -> pb.Schema:
        """The schema in the protocol's form."""
        return pb.Schema(version=self.version, block=self.block.to_proto())


def zero(type_: Type) -> Any:
    """Go's zero value of a type."""
    if isinstance(type_, str):
        return _ZERO[type_]
    return [] if type_[0] in ("list", "set") else {}


def _convert(value: Any, type_: Type) -> Any:
    if value is None or value is UNKNOWN:
        return value
    if isinstance(type_, list):
        kind, inner = type_
        if kind in ("list", "set"):
            return [_convert(element, inner) for element in value]
        if kind == "map":
            return {key: _convert(element, inner) for key, element in value.items()}
        return {key: _convert(value.get(key), element) for key, element in inner.items()}
    if type_ == "string" and not isinstance(value, str):
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if type_ == "number" and isinstance(value, str):
        return float(value) if "." in value else int(value)
    return value
