"""Strategies for types, values of a type, blocks, and configurations that Terraform could send for them."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from terraform_standins.protocol.schema import Attribute, Block, NestedBlock, Schema, Type
from terraform_standins.protocol.values import UNKNOWN, Values

TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
# The numbers that cty does not send as strings: 64 bits, finite.
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.sampled_from(["string", "number", "bool"])
NAMES = st.sampled_from([f"a{number}" for number in range(6)])
BLOCK_NAMES = st.sampled_from(["b0", "b1"])


def types() -> st.SearchStrategy[Type]:
    """Any type of an attribute."""

    def composed(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
        collection = st.tuples(st.sampled_from(["list", "set", "map"]), inner).map(list)
        return collection | st.dictionaries(NAMES, inner, min_size=1, max_size=3).map(lambda fields: ["object", fields])

    return st.recursive(SCALARS, composed, max_leaves=4)


def values(type_: Type, *, unknown: bool = True, null: bool = True) -> st.SearchStrategy[Any]:
    """Any value of a type."""
    special = ([st.none()] if null else []) + ([st.just(UNKNOWN)] if unknown else [])
    if isinstance(type_, str):
        known = {"string": TEXT, "number": NUMBERS, "bool": st.booleans()}[type_]
        return st.one_of(known, *special)
    kind, inner = type_
    if kind == "object":
        return st.one_of(st.fixed_dictionaries({n: values(t, unknown=unknown) for n, t in inner.items()}), *special)
    # Terraform has no null in a list, and an element of a set once.
    element = values(inner, unknown=unknown, null=False)
    if kind == "map":
        return st.one_of(st.dictionaries(TEXT, element, max_size=3), *special)
    unique = repr if kind == "set" else None
    return st.one_of(st.lists(element, max_size=3, unique_by=unique), *special)


# The types of attributes in SDKv2: no objects, no nested lists.
ARGUMENT_TYPES = SCALARS | st.tuples(st.sampled_from(["list", "set", "map"]), SCALARS).map(list)


@st.composite
def attributes(draw: st.DrawFn) -> Attribute:
    """Any attribute of a resource."""
    type_ = draw(ARGUMENT_TYPES)
    settings = draw(st.sampled_from(["required", "optional", "computed", "both", "default"]))
    default = draw(values(type_, unknown=False, null=False)) if settings == "default" else None
    return Attribute(
        type=type_,
        required=settings == "required",
        optional=settings in ("optional", "both", "default"),
        computed=settings in ("computed", "both"),
        # SDKv2 has defaults only for scalars.
        default=default if isinstance(type_, str) else None,
        force_new=settings != "computed" and draw(st.booleans()),
    )


def blocks(depth: int = 1) -> st.SearchStrategy[Block]:
    """Any block, with nested blocks down to `depth`."""
    inner: st.SearchStrategy[Any] = st.just({})
    if depth:
        nested = st.builds(
            NestedBlock,
            nesting=st.sampled_from(["list", "set"]),
            block=blocks(depth - 1),
            force_new=st.booleans(),
        )
        inner = st.dictionaries(BLOCK_NAMES, nested, max_size=2)
    return st.builds(Block, attributes=st.dictionaries(NAMES, attributes(), min_size=1, max_size=4), blocks=inner)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """The schema of a resource: an `id` and any other attributes and blocks."""
    block = draw(blocks())
    identity = {"id": Attribute(type="string", computed=True)}
    return Schema(version=0, block=Block(attributes={**block.attributes, **identity}, blocks=block.blocks))


def configs(block: Block, *, unknown: bool = False) -> st.SearchStrategy[Values]:
    """A valid configuration of a block: no computed attribute, no missing required one."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, attribute in block.attributes.items():
        settable = values(attribute.type, unknown=unknown, null=not attribute.required)
        fields[name] = settable if attribute.settable else st.none()
    for name, nested in block.blocks.items():
        if nested.nesting == "single":
            fields[name] = st.none() | configs(nested.block, unknown=unknown)
            continue
        unique = partial(_meaning, nested.block) if nested.nesting == "set" else None
        fields[name] = st.lists(configs(nested.block, unknown=unknown), max_size=2, unique_by=unique)
    return st.fixed_dictionaries(fields)


def _meaning(block: Block, element: Values) -> str:
    """The identity of a set's element in SDKv2: null equals the default or zero; computed attributes do not count."""
    told = {name: a.default if element[name] is None else element[name] for name, a in block.attributes.items()}
    return repr(block.filled({**element, **{n: None if block.attributes[n].computed else v for n, v in told.items()}}))
