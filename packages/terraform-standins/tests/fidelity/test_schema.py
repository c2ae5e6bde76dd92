"""The schemas equal those of the real providers, except for the listed differences."""

from __future__ import annotations

import json

import pytest

from terraform_standins.protocol.schema import Block
from terraform_standins.serving.bundled import PROVIDERS, load

from .facts import Facts
from .ledger import ACCOUNT, not_compared
from .recorded import Json, recorded
from .schemas import bundled_schema

SECTION = "schema"
FLAGS = ("required", "optional", "computed", "sensitive", "deprecated")


def real_facts(block: Json, path: str = "") -> Facts:
    """Facts of a block in `terraform providers schema -json`."""
    facts: Facts = {}
    for name, attribute in block.get("attributes", {}).items():
        facts[f"{path}{name} type"] = json.dumps(attribute["type"])
        facts[f"{path}{name}"] = [flag for flag in FLAGS if attribute.get(flag)]
    for name, nested in block.get("block_types", {}).items():
        facts[f"{path}{name} block"] = [nested["nesting_mode"], nested.get("min_items", 0), nested.get("max_items", 0)]
        facts |= real_facts(nested["block"], f"{path}{name}.")
    return facts


def our_facts(block: Block, path: str = "") -> Facts:
    """The same of a bundled schema."""
    facts: Facts = {}
    for name, attribute in block.attributes.items():
        facts[f"{path}{name} type"] = json.dumps(attribute.type)
        facts[f"{path}{name}"] = [flag for flag in FLAGS if getattr(attribute, flag)]
    for name, nested in block.blocks.items():
        facts[f"{path}{name} block"] = [nested.nesting, nested.min_items, nested.max_items]
        facts |= our_facts(nested.block, f"{path}{name}.")
    return facts


def detail_facts(details: Json) -> Facts:
    """ForceNew flags and defaults of the running provider."""
    flat = {f"{path} {key}": value for path, detail in details.items() for key, value in detail.items()}
    return {name: value for name, value in flat.items() if name.split(" ")[1] in ("force_new", "default")}


def our_details(block: Block, path: str = "") -> Facts:
    """The same of a bundled schema."""
    facts: Facts = {}
    for name, attribute in block.attributes.items():
        facts |= {f"{path}{name} force_new": True} if attribute.force_new else {}
        facts |= {f"{path}{name} default": attribute.default} if attribute.default is not None else {}
    for name, nested in block.blocks.items():
        facts |= {f"{path}{name} force_new": True} if nested.force_new else {}
        facts |= our_details(nested.block, f"{path}{name}.")
    return facts


@pytest.mark.parametrize("name", recorded("schemas"))
def test_schema(name: str) -> None:
    """Types, flags, nesting, limits, ForceNew and defaults of a type."""
    ours, real = bundled_schema(name), recorded("schemas")[name]
    theirs = {"version": real["version"], **real_facts(real["block"])}
    facts = {"version": ours.version, **our_facts(ours.block)}
    if name in recorded("details"):
        theirs |= detail_facts(recorded("details")[name])
        facts |= our_details(ours.block)
    assert not ACCOUNT.compare(SECTION, name, theirs, facts)


def test_other_types_are_listed() -> None:
    """A type without a recording is in the list, with the reason."""
    bundled = {f"{type_.kind}.{type_.type_name}" for name in PROVIDERS for type_ in load(name).types}
    assert sorted(bundled - set(recorded("schemas"))) == not_compared()


def test_list_is_current() -> None:
    """Every listed difference of this section still exists."""
    assert not ACCOUNT.stale(SECTION)
