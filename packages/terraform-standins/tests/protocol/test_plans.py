"""What is planned is what an apply does, for any resource type and any configuration."""

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
    """A map that gets an entry with an empty value has changed."""
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
    """Whether a known part of a plan is another one after all (null is as good as empty: SDKv2)."""
    attributes = any(_differing(planned[name], actual[name]) for name in block.attributes)
    return attributes or any(
        _nested_differing(nested, planned[name], actual[name]) for name, nested in block.blocks.items()
    )


def _nested_differing(nested: NestedBlock, planned: list[Values], actual: list[Values]) -> bool:
    # What becomes known moves an element of a set, which has no order.
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
    """A resource that was just created."""
    core = Core(schema)
    planned, _ = core.plan(config)
    core.apply(config, planned)
    return core


@given(written())
def test_create(case: tuple[Schema, list[Values]]) -> None:
    """A create gives every known value of its plan, collections exactly, and leaves nothing unknown."""
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


@given(written())
def test_second_plan_is_empty(case: tuple[Schema, list[Values]]) -> None:
    """Right after an apply, and after a refresh, the same configuration changes nothing."""
    schema, (config,) = case
    core = created(schema, config)
    assert core.plan(config) == (core.state, [])
    core.refresh()
    assert core.plan(config) == (core.state, [])


@given(written())
def test_refresh_settles(case: tuple[Schema, list[Values]]) -> None:
    """A second refresh finds nothing that the first one did not."""
    schema, (config,) = case
    core = created(schema, config)
    core.refresh()
    once = core.state
    core.refresh()
    assert core.state == once


@given(written(count=2))
def test_change(case: tuple[Schema, list[Values]]) -> None:
    """A change of the configuration gives what its plan says, in place or by a replacement, and then is no change."""
    schema, (config, other) = case
    core = created(schema, config)
    planned, replace = core.plan(other)
    if replace:
        # Terraform plans the creation anew, against nothing.
        core.replaced()
        planned, _ = core.plan(other)
    core.apply(other, planned)
    assert core.state
    assert is_known(core.state)
    assert not differing(schema.block, planned, core.state)
    assert core.plan(other) == (core.state, [])


@given(written(count=2))
def test_replacement(case: tuple[Schema, list[Values]]) -> None:
    """Exactly those top-level attributes replace that are ForceNew and change."""
    schema, (config, other) = case
    core = created(schema, config)
    assert core.state
    planned, replace = core.plan(other)
    for name, attribute in schema.block.attributes.items():
        changes = not same(core.state[name], planned[name])
        assert (name in replace) == (attribute.force_new and changes)


@given(st.data(), schemas())
def test_final_plan(data: st.DataObject, schema: Schema) -> None:
    """When the unknown parts of a configuration become known, nothing changes that was known in the first plan.

    Terraform fails with "Provider produced inconsistent final plan" otherwise.
    """
    config: Values = data.draw(configs(schema.block, unknown=True))
    first, _ = Core(schema).plan(config)
    final, _ = Core(schema).plan(resolved(schema.block, config))
    assert not differing(schema.block, first, final)


def resolved(block: Block, config: Values) -> Values:
    """The configuration with a value in the place of each unknown one."""
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
