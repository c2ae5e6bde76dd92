"""Values on the wire: cty's msgpack and JSON (Terraform's docs/plugin-protocol/object-wire-format.md)."""

from __future__ import annotations

import json
from typing import Any

import msgpack

from . import tfplugin_pb2 as pb
from .values import UNKNOWN

# Extension 0 is a plain unknown value, 12 a refined one (not null, a known prefix...): decode both as unknown.
_UNKNOWN_ON_WIRE = msgpack.ExtType(0, b"\0")


def decode(value: pb.DynamicValue) -> Any:
    """Decode values from the wire. Raises msgpack's or json's errors if they are malformed."""
    if value.json:
        return json.loads(value.json)
    if not value.msgpack:
        return None
    return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False)


def encode(value: Any) -> pb.DynamicValue:
    """Encode values for the wire; they must have the shape of their schema (`Block.conform`)."""
    return pb.DynamicValue(msgpack=msgpack.packb(value, default=_encode_special))


def _encode_special(value: Any) -> msgpack.ExtType | str:
    if value is UNKNOWN:
        return _UNKNOWN_ON_WIRE
    if isinstance(value, int):
        # More than 64 bits: cty writes and reads such numbers as strings.
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a Terraform value")
