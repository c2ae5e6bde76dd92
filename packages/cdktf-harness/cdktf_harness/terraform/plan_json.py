"""Read Terraform's plans (`terraform show -json`, "Plan Representation")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cdktf_harness.synthesis.matching import differences
from cdktf_harness.terraform.changes import UNKNOWN, Change, Changes, Drift

_INDEX = re.compile(r"\[[^]]*\]$")


def read_plan(stack: str, document: Mapping[str, Any], paths: Mapping[str, str], sources: Mapping[str, str]) -> Changes:
    """Read Terraform's JSON plan of a stack; `paths` are construct paths by address."""
    found = {}
    for entry in document.get("resource_changes", []):
        change, address = entry["change"], entry["address"]
        if entry["mode"] != "managed" or change["actions"] == ["no-op"]:
            continue
        path = _path(address, paths)
        found[path] = Change(
            path=path,
            address=address,
            type=entry["type"],
            action="replace" if len(change["actions"]) == 2 else change["actions"][0],
            reason=entry.get("action_reason", ""),
            before=change["before"],
            after=change["after"],
            unknown=tuple(_true(change.get("after_unknown", {}))),
            replaced_by=tuple(".".join(map(str, parts)) for parts in change.get("replace_paths", [])),
            source=sources.get(path, ""),
        )
    outputs = {
        f"{stack}.{name}": change["actions"][0]
        for name, change in document.get("output_changes", {}).items()
        if change["actions"] != ["no-op"]
    }
    return Changes(found, outputs, {stack: document}, dict(_drift(document, paths, sources, found)))


def _drift(
    document: Mapping[str, Any], paths: Mapping[str, str], sources: Mapping[str, str], planned: Mapping[str, Change]
) -> Iterator[tuple[str, Drift]]:
    """Yield what Terraform found changed and would change back; a refresh alone changes computed values, too."""
    for entry in document.get("resource_drift", []):
        path, change = _path(entry["address"], paths), entry["change"]
        if entry["mode"] != "managed" or path not in planned:
            continue
        undone = {name for name, (_, after) in planned[path].changed.items() if after is not UNKNOWN}
        found = differences(change["before"], change["after"]) if change["after"] is not None else {}
        attributes = {name: values for name, values in found.items() if name in undone}
        if attributes or change["after"] is None:
            yield path, Drift(path, entry["address"], attributes, sources.get(path, ""))


def _path(address: str, paths: Mapping[str, str]) -> str:
    index = _INDEX.search(address)
    return paths.get(_INDEX.sub("", address), address) + (index[0] if index else "")


def _true(tree: Any, above: str = "") -> Iterator[str]:
    """Yield the dotted paths at which `tree` is True."""
    if tree is True:
        yield above
    elif isinstance(tree, Mapping | list):
        items = tree.items() if isinstance(tree, Mapping) else enumerate(tree)
        for key, value in items:
            yield from _true(value, f"{above}.{key}" if above else str(key))
