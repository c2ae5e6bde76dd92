"""The attributes that both the recorded and the bundled provider have: only these can be compared.

test_schema.py compares the schemas themselves, and differences.toml lists each attribute that was added or removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from terraform_standins.protocol.base import SCHEMAS
from terraform_standins.protocol.schema import Block, Schema

from .recorded import Json, recorded


def bundled_schema(name: str) -> Schema:
    """The bundled schema of "provider.aws", "resource.aws_lambda_function", "data.aws_region"."""
    kind, type_ = name.split(".")
    return Schema.load(SCHEMAS / type_.split("_")[0] / ("provider.json" if kind == "provider" else f"{name}.json"))


def in_both(address: str, path: str) -> bool:
    """Whether both schemas have the attribute at a path ("logging_config.0.log_group") of a resource."""
    kind, type_, _ = address.split(".") if address.startswith("data.") else ("resource", *address.split("."))
    named = ".".join(part for part in path.split(".") if not part.isdigit())
    return not any(f"{named}.".startswith(f"{other}.") for other in _only_one_has(f"{kind}.{type_}"))


@cache
def _only_one_has(name: str) -> frozenset[str]:
    if name not in recorded("schemas"):
        return frozenset()
    return frozenset(_recorded(recorded("schemas")[name]["block"])) ^ frozenset(_bundled(bundled_schema(name).block))


def _recorded(block: Json, path: str = "") -> Iterator[str]:
    yield from (f"{path}{name}" for name in block.get("attributes", {}))
    for name, nested in block.get("block_types", {}).items():
        yield f"{path}{name}"
        yield from _recorded(nested["block"], f"{path}{name}.")


def _bundled(block: Block, path: str = "") -> Iterator[str]:
    yield from (f"{path}{name}" for name in block.attributes)
    for name, nested in block.blocks.items():
        yield f"{path}{name}"
        yield from _bundled(nested.block, f"{path}{name}.")
