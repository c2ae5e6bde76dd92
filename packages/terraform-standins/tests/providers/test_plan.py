"""Plans behave like SDKv2's; tested without Terraform."""

from __future__ import annotations

from typing import Any

import pytest

from terraform_standins.protocol.plan import Planner
from terraform_standins.protocol.schema import Block
from terraform_standins.protocol.state import merge, settle
from terraform_standins.protocol.values import UNKNOWN

STRING, TAGS = {"type": "string"}, {"type": ["map", "string"], "optional": True}
BLOCK = Block.from_json(
    {
        "attributes": {
            "arn": {**STRING, "computed": True},
            "mode": {**STRING, "optional": True, "default": "on"},
            "name": {**STRING, "required": True, "force_new": True},
            "note": {**STRING, "optional": True},
            "ready": {"type": "bool", "optional": True},
            "tags": TAGS,
        },
        "blocks": {
            "choice": {
                "nesting": "set",
                "block": {"attributes": {"key": {**STRING, "required": True, "force_new": True}, "extra": TAGS}},
            },
            "part": {
                "nesting": "list",
                "block": {
                    "attributes": {"size": {"type": "number", "optional": True}, "id": {**STRING, "computed": True}}
                },
            },
        },
    }
)
PRIOR = BLOCK.conform(
    {
        "arn": "arn:x",
        "mode": "on",
        "name": "x",
        "note": "",
        "ready": False,
        "tags": {},
        "choice": [{"key": "k", "extra": {}}],
        "part": [{"size": 0, "id": "p"}],
    }
)
CONFIG = BLOCK.conform({"name": "x", "choice": [{"key": "k"}], "part": [{}]})


def test_create() -> None:
    """Defaults are set, computed values are unknown, also in a block; other values are null."""
    change = Planner(BLOCK).plan(None, CONFIG)
    assert change.planned == {
        "arn": UNKNOWN,
        "mode": "on",
        "name": "x",
        "note": None,
        "ready": None,
        "tags": None,
        "choice": [{"key": "k", "extra": None}],
        "part": [{"size": None, "id": UNKNOWN}],
    }
    assert change.replace == []


def test_zero_and_null_are_the_same() -> None:
    """A "", false, 0 or {} in the state equals a missing value in the configuration."""
    change = Planner(BLOCK).plan(PRIOR, CONFIG)
    assert (change.planned, change.replace) == (PRIOR, [])


@pytest.mark.parametrize(
    ("config", "replace", "planned"),
    [
        pytest.param({"name": "y"}, [("name",)], {"name": "y"}, id="attribute"),
        pytest.param({"name": UNKNOWN}, [("name",)], {"name": UNKNOWN}, id="unknown"),
        pytest.param({"note": "n"}, [], {"note": "n"}, id="in place"),
        pytest.param({"mode": "off"}, [], {"mode": "off"}, id="default overridden"),
        pytest.param(
            {"choice": [{"key": "other", "extra": None}]},
            [("choice",)],
            {"choice": [{"key": "other", "extra": None}]},
            id="element of a set",
        ),
        pytest.param(
            {"part": [{"size": 2, "id": None}, {"size": 1, "id": None}]},
            [],
            {"part": [{"size": 2, "id": "p"}, {"size": 1, "id": UNKNOWN}]},
            id="elements of a list",
        ),
        pytest.param({"part": []}, [], {"part": []}, id="block removed"),
    ],
)
def test_changes(config: dict[str, Any], replace: list[Any], planned: dict[str, Any]) -> None:
    """A change of a `force_new` argument replaces; any other is in place; nothing else changes."""
    change = Planner(BLOCK).plan(PRIOR, {**CONFIG, **config})
    assert change.replace == replace
    assert change.planned == {**PRIOR, **planned}


def test_removed_collection_is_empty() -> None:
    """A map that is removed from the configuration is planned as empty, a string as null."""
    prior = {**PRIOR, "tags": {"a": "b"}, "note": "n"}
    change = Planner(BLOCK).plan(prior, CONFIG)
    assert (change.planned["tags"], change.planned["note"]) == ({}, None)


def test_normalised_and_suppressed() -> None:
    """A value is stored in its normalised form, and stays as it was if it is equivalent."""
    planner = Planner(
        BLOCK, normalise={"note": str.strip}, suppress={"note": lambda old, new: old.lower() == new.lower()}
    )
    assert planner.plan(None, {**CONFIG, "note": " A "}).planned["note"] == "A"
    assert planner.plan({**PRIOR, "note": "a"}, {**CONFIG, "note": "A"}).planned["note"] == "a"


def test_state_after_apply() -> None:
    """After an apply a collection stays null or empty as planned; strings that the service omits are empty."""
    planned = BLOCK.conform({"name": "x", "choice": [{"key": "k"}], "part": [{}]})
    answer: dict[str, Any] = {
        "arn": "arn:x",
        "note": None,
        "tags": {},
        "choice": [{"key": "k", "extra": {}}],
        "part": [{"id": "p"}],
    }
    state = settle(BLOCK, merge(BLOCK, planned, answer), planned)
    assert state == {
        "arn": "arn:x",
        "mode": None,
        "name": "x",
        "note": "",
        "ready": None,
        "tags": None,
        "choice": [{"key": "k", "extra": None}],
        "part": [{"size": 0, "id": "p"}],
    }
    assert merge(BLOCK, state, answer)["tags"] == {}
