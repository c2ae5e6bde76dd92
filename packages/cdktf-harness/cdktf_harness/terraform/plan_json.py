"""Read Terraform's plans (`terraform show -json`, "Plan Representation")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdktf_harness.synthesis.matching import differences
from cdktf_harness.synthesis.stacks import construct_path
from cdktf_harness.terraform.changes import UNKNOWN, Change, Changes, Drift


def read_plan(stack: str, document: Mapping[str, Any], paths: Mapping[str, str], sources: Mapping[str, str]) -> Changes:
    """Read Terraform's JSON plan of a stack; `paths` are construct paths by address."""
    found, moved = {}, {}
    for entry in document.get("resource_changes", []):
        change, address = entry["change"], entry["address"]
        path = construct_path(address, paths)
        if "previous_address" in entry:
            moved[path] = construct_path(entry["previous_address"], paths)
        if entry["mode"] != "managed" or change["actions"] == ["no-op"]:
            continue
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
    return Changes(found, outputs, {stack: document}, dict(_drift(document, paths, sources, found)), moved)


def _drift(
    document: Mapping[str, Any], paths: Mapping[str, str], sources: Mapping[str, str], planned: Mapping[str, Change]
) -> Iterator[tuple[str, Drift]]:
    """Yield what Terraform found changed and would change back; a refresh alone changes computed values, too."""
    for entry in document.get("resource_drift", []):
        path, change = construct_path(entry["address"], paths), entry["change"]
        if entry["mode"] != "managed" or path not in planned:
            continue
        undone = {name for name, (_, after) in planned[path].changed.items() if after is not UNKNOWN}
        found = differences(change["before"], change["after"]) if change["after"] is not None else {}
        attributes = {name: values for name, values in found.items() if name in undone}
        if attributes or change["after"] is None:
            yield path, Drift(path, entry["address"], attributes, sources.get(path, ""))


def _true(tree: Any, above: str = "") -> Iterator[str]:
    """Yield the dotted paths at which `tree` is True."""
    if tree is True:
        yield above
    elif isinstance(tree, Mapping | list):
        items = tree.items() if isinstance(tree, Mapping) else enumerate(tree)
        for key, value in items:
            yield from _true(value, f"{above}.{key}" if above else str(key))
