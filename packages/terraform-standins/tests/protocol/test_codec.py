"""Any value of any type is the same after encoding and decoding."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from terraform_standins.protocol.codec import decode, encode
from terraform_standins.protocol.schema import Attribute, Block, Schema
from terraform_standins.protocol.values import UNKNOWN, Values, is_known, without_unknown

from .values import configs, schemas, types, values


@st.composite
def typed(draw: st.DrawFn, *, unknown: bool = True) -> tuple[Any, Any]:
    """A type and a value of it."""
    type_ = draw(types())
    return type_, draw(values(type_, unknown=unknown))


@given(typed())
def test_round_trip(case: tuple[Any, Any]) -> None:
    """A value may contain unknown values anywhere; without them it is known, and a known value does not change."""
    type_, value = case
    block = Block(attributes={"x": Attribute(type=type_, optional=True)})
    conformed = block.conform({"x": value})
    assert decode(encode(conformed)) == conformed == {"x": value}
    known = without_unknown(value)
    assert is_known(known)
    assert (known == value) == is_known(value) or value is UNKNOWN


@given(st.data(), schemas())
def test_configuration_round_trip(data: st.DataObject, schema: Schema) -> None:
    """A configuration with nested blocks; conforming it to its schema changes nothing."""
    config: Values = data.draw(configs(schema.block, unknown=True))
    assert schema.block.conform(config) == config
    assert decode(encode(config)) == config


@given(st.integers(min_value=2**64) | st.integers(max_value=-(2**63) - 1))
def test_big_number(number: int) -> None:
    """A number of more than 64 bits is encoded as a string, as Terraform does."""
    block = Block(attributes={"x": Attribute(type="number", optional=True)})
    sent = decode(encode({"x": number}))
    assert sent == {"x": str(number)}
    assert block.conform(sent) == {"x": number}
