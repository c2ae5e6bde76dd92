"""An apply does what was planned, for any resource type and any configuration."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from terraform_standins.protocol.schema import Attribute, Block, NestedBlock, Schema
from terraform_standins.protocol.values import UNKNOWN, Values, is_known, same

from .memory import Core
from .values import configs, schemas


def test_empty_entry_is_an_entry() -> None:
    """A new map entry with an empty value is a change."""
    tags = Attribute(type=["map", "string"], optional=True, force_new=True)
    identity = Attribute(type="string", computed=True)
    core = created(Schema(version=0, block=Block(attributes={"id": identity, "tags": tags})), {"id": None, "tags": {}})
    planned, replace = core.plan({"id": None, "tags": {"empty": ""}})
    assert (planned["tags"], replace) == ({"empty": ""}, ["tags"])


@st.composite
def written(draw: st.DrawFn, count: int = 1) -> tuple[Schema, list[Values]]:
    """A schema, and configurations for it."""
    schema = draw(schemas())
    return schema, [draw(configs(schema.block)) for _ in range(count)]


def differing(block: Block, planned: Values, actual: Values) -> bool:
    """Whether a known part of a plan has changed (SDKv2 treats null and empty as equal)."""
    attributes = any(_differing(planned[name], actual[name]) for name in block.attributes)
    return attributes or any(
        _nested_differing(nested, planned[name], actual[name]) for name, nested in block.blocks.items()
    )


def _nested_differing(nested: NestedBlock, planned: list[Values], actual: list[Values]) -> bool:
    # A set has no order: a value that becomes known may move an element.
    orders = permutations(actual) if nested.nesting == "set" else [actual]
    return len(planned) != len(actual) or all(
        any(differing(nested.block, p, a) for p, a in zip(planned, order, strict=True)) for order in orders
    )


def _differing(planned: Any, actual: Any) -> bool:
    if planned is UNKNOWN:
        return False
    if isinstance(planned, dict) and isinstance(actual, dict):
        return any(_differing(value, actual.get(key)) for key, value in planned.items())
    if isinstance(planned, list) and isinstance(actual, list) and not is_known(planned):
        return len(planned) != len(actual) or any(map(_differing, planned, actual))
    return not same(planned, actual)


def created(schema: Schema, config: Values) -> Core:
    """A new resource."""
    core = Core(schema)
    planned, _ = core.plan(config)
    core.apply(config, planned)
    return core


@given(written())
def test_create(case: tuple[Schema, list[Values]]) -> None:
    """A create stores each known value of its plan, collections exactly, and nothing unknown.

    The next plan is empty, also after a refresh, and a second refresh finds no further change.
    """
    schema, (config,) = case
    core = Core(schema)
    planned, replace = core.plan(config)
    assert replace == []
    core.apply(config, planned)
    assert core.state
    assert is_known(core.state)
    assert not differing(schema.block, planned, core.state)
    for name, attribute in schema.block.attributes.items():
        if isinstance(attribute.type, list) and is_known(planned[name]):
            assert core.state[name] == planned[name]
    assert core.plan(config) == (core.state, [])
    core.refresh()
    once = core.state
    assert core.plan(config) == (once, [])
    core.refresh()
    assert core.state == once


@given(written(count=2))
def test_change(case: tuple[Schema, list[Values]]) -> None:
    """An update or a replacement stores what its plan says, and the next plan is empty.

    Exactly the changed ForceNew attributes of the top level replace the resource.
    """
    schema, (config, other) = case
    core = created(schema, config)
    assert core.state
    planned, replace = core.plan(other)
    for name, attribute in schema.block.attributes.items():
        changes = not same(core.state[name], planned[name])
        assert (name in replace) == (attribute.force_new and changes)
    if replace:
        # Terraform plans the create of a replacement again, without a prior state.
        core.replaced()
        planned, _ = core.plan(other)
    core.apply(other, planned)
    assert core.state
    assert is_known(core.state)
    assert not differing(schema.block, planned, core.state)
    assert core.plan(other) == (core.state, [])


@given(st.data(), schemas())
def test_final_plan(data: st.DataObject, schema: Schema) -> None:
    """If unknown parts of a configuration become known, the known parts of the first plan do not change.

    Terraform fails with "Provider produced inconsistent final plan" otherwise.
    """
    config: Values = data.draw(configs(schema.block, unknown=True))
    first, _ = Core(schema).plan(config)
    final, _ = Core(schema).plan(resolved(schema.block, config))
    assert not differing(schema.block, first, final)


def resolved(block: Block, config: Values) -> Values:
    """The configuration with a value instead of each unknown one."""
    known: Values = {}
    for name, attribute in block.attributes.items():
        known[name] = _resolved(attribute.type, config[name])
    for name, nested in block.blocks.items():
        known[name] = [resolved(nested.block, element) for element in config[name]]
    return known


def _resolved(type_: Any, value: Any) -> Any:
    if value is UNKNOWN:
        return {"string": "told", "number": 7, "bool": True}.get(type_) if isinstance(type_, str) else _empty(type_)
    if isinstance(value, list):
        return [_resolved(type_[1], element) for element in value]
    if isinstance(value, dict):
        return {key: _resolved(type_[1], element) for key, element in value.items()}
    return value


def _empty(type_: Any) -> Any:
    return {} if type_[0] == "map" else []
