"""Convert the answer of a resource type to the stored state, as SDKv2 does."""

from __future__ import annotations

from typing import Any

from .schema import Block, zero
from .values import NULL, Values, is_known, is_zero


def merge(block: Block, state: Values, answer: Values) -> Values:
    """`state` with the values of `answer`; a None in it, and any inside a block, becomes the zero value.

    NULL in an answer stays null, for values that SDKv2 never sets.
    """
    merged = {**state, **answer}
    for name in answer.keys() & block.attributes.keys():
        if answer[name] is None:
            merged[name] = zero(block.attributes[name].type)
        elif answer[name] is NULL:
            merged[name] = None
    for name, nested in block.blocks.items():
        merged[name] = nested.filled(merged.get(name))
    return block.conform(merged)


def settle(block: Block, new: Values, planned: Values) -> Values:
    """The state after an apply: a collection stays null or empty as planned.

    Source: SDKv2's normalizeNullValues with apply = true.
    """
    settled: Values = {}
    for name, attribute in block.attributes.items():
        collection = isinstance(attribute.type, list)
        kept = collection and is_zero(new[name]) and is_zero(planned[name])
        # Keep the planned order of a known set: the provider may answer in another order.
        kept = kept or (collection and attribute.type[0] == "set" and planned[name] and is_known(planned[name]))
        kept = kept or (new[name] is None and planned[name] == "")
        settled[name] = planned[name] if kept else new[name]
    for name, nested in block.blocks.items():
        settled[name] = _settle_nested(nested.nesting, nested.block, new[name], planned[name])
    return settled


def _settle_nested(nesting: str, block: Block, new: Any, planned: Any) -> Any:
    if nesting == "single":
        return new
    if nesting == "set" and planned and is_known(planned):
        return planned
    if isinstance(planned, list) and len(planned) == len(new):
        return [settle(block, n, p) if isinstance(p, dict) else n for n, p in zip(new, planned, strict=True)]
    return new
