"""Terraform's files: a saved plan, and what is in a state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

# In the folder of a stack.
PLAN_FILE = "plan.bin"


class Instance(NamedTuple):
    """An instance of a resource in a state; `type` is empty for a data source."""

    address: str
    type: str
    values: Mapping[str, Any]


def instances(state: Mapping[str, Any]) -> Iterator[Instance]:
    """Yield what is in a state."""
    for resource in state.get("resources", []):
        data = resource["mode"] == "data"
        parts = [resource.get("module"), "data" if data else "", resource["type"], resource["name"]]
        address = ".".join(filter(None, parts))
        for instance in resource["instances"]:
            key = instance.get("index_key")
            index = "" if key is None else f"[{json.dumps(key)}]"
            yield Instance(address + index, "" if data else resource["type"], instance.get("attributes") or {})
