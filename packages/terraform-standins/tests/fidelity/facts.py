"""Plans and states as flat facts, name -> value, to compare two of them attribute by attribute.

Values, and the unknown values of a new resource, are those of attributes that both providers have (schemas.py). Changes
are of all attributes: no recorded case has a reason to change one that only the bundled provider has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .recorded import Json
from .schemas import in_both

Facts = dict[str, Any]

# Values that differ between runs -> their form, which is compared instead. The order matters.
_FORMS = {
    "{uuid}": r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    "{milliseconds}": r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000",
    "{seconds}": r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "{unique}": r"\b\d{18}[0-9a-f]{8}\b",
    "{role id}": r"\bAROA[A-Z0-9]{17}\b",
    "{key}": r"\b[0-9a-f]{32}\b",
    "{id}": r"\b[0-9a-f]{8}\b",
    "{port}": r"(?<=localhost:)\d+",
}
_FORM = re.compile("|".join(f"({pattern})" for pattern in _FORMS.values()))


def formed(value: Any) -> Any:
    """The value with forms instead of the parts that differ between runs."""
    if isinstance(value, str):
        return _FORM.sub(lambda match: list(_FORMS)[(match.lastindex or 1) - 1], value)
    if isinstance(value, list):
        return [formed(element) for element in value]
    if isinstance(value, dict):
        return {key: formed(element) for key, element in value.items()}
    return value


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths and values of all leaves; an empty list or map is a leaf."""
    elements: Mapping[Any, Any] = {}
    if isinstance(value, dict):
        elements = value
    elif isinstance(value, list):
        elements = dict(enumerate(value))
    if not elements:
        yield path, value
    for key, element in elements.items():
        yield from leaves(element, f"{path}.{key}" if path else str(key))


def true_paths(value: Any) -> set[str]:
    """The paths of the true leaves in a tree of booleans, such as Terraform's after_unknown."""
    return {path for path, leaf in leaves(value) if leaf is True}


def differing(before: Any, after: Any, unknown: set[str]) -> dict[str, list[Any]]:
    """Known leaves that differ: path -> [before, after], with null for a missing one."""
    old, new = (dict(leaves(side)) if side is not None else {} for side in (before, after))
    paths = {path for path in old.keys() | new.keys() if not any(f"{path}.".startswith(f"{u}.") for u in unknown)}
    return {path: [old.get(path), new.get(path)] for path in paths if old.get(path) != new.get(path)}


def values_facts(address: str, values: Json, sensitive: Any) -> Facts:
    """The facts of a resource in the state."""
    facts = {f"{address} {path}": formed(value) for path, value in leaves(values) if path and in_both(address, path)}
    return facts | {f"{address} sensitive {path}": True for path in true_paths(sensitive) if in_both(address, path)}


def creation_facts(address: str, change: Json) -> Facts:
    """The facts of a resource in the plan that creates it."""
    facts: Facts = {f"{address} actions": change["actions"]}
    facts |= values_facts(address, change["after"] or {}, change["after_sensitive"])
    unknown = true_paths(change["after_unknown"])
    return facts | {f"{address} unknown {path}": True for path in unknown if in_both(address, path)}


def change_facts(address: str, action: str, details: Json) -> Facts:
    """The facts of a planned change: `changed` is path -> [before, after], `unknown` and `replace` lists of paths."""
    facts: Facts = {f"{address} action": action}
    if details.get("why"):
        facts[f"{address} why"] = details["why"]
    if details.get("replace"):
        facts[f"{address} replace"] = sorted(details["replace"])
    unknown = [path for path in details.get("unknown", ()) if action == "update" or in_both(address, path)]
    facts |= {f"{address} unknown {path}": True for path in unknown}
    return facts | {f"{address} changed {path}": formed(pair) for path, pair in details.get("changed", {}).items()}


def planned_change(resource_change: Json) -> tuple[str, Json]:
    """Action and details of one of a plan's resource changes, in the form of the recordings."""
    change, why = resource_change["change"], resource_change.get("action_reason")
    unknown = true_paths(change.get("after_unknown"))
    deleted = change["actions"] == ["delete"]
    changed = {} if deleted else differing(change["before"], change["after"], unknown)
    if len(change["actions"]) == 2:
        # As in the recordings: a refreshed resource has the empty value, a planned new one null.
        changed = {p: [b, a] for p, [b, a] in changed.items() if a is not None or b not in ([], {}, "", 0, False)}
    if change["before"] is None:
        changed = {}
    return "+".join(change["actions"]), {
        "why": None if why == "replace_because_cannot_update" else why,
        "replace": [".".join(map(str, path)) for path in change.get("replace_paths", ())],
        "unknown": unknown,
        "changed": changed,
    }


def output_facts(changes: Json) -> Facts:
    """The outputs that change; true for those that are known after the apply."""
    changing = {name: change for name, change in changes.items() if change["actions"] != ["no-op"]}
    return {f"output {name}": change["after_unknown"] is True for name, change in changing.items()}


def drift_facts(drift: list[Json]) -> Facts:
    """Facts of the drift that a refresh found, in the form of the recordings."""
    facts: Facts = {}
    for entry in drift:
        address, changed = entry["address"], entry["changed"]
        if changed == "gone":
            facts[f"{address} drift"] = "gone"
        else:
            facts |= {f"{address} drift {path}": formed(pair) for path, pair in changed.items()}
    return facts


def drift_of(plan: Json) -> list[Json]:
    """The drift that a plan's refresh found."""
    found = []
    for entry in plan.get("resource_drift", ()):
        change = entry["change"]
        gone = change["actions"] == ["delete"]
        changed = "gone" if gone else differing(change["before"], change["after"], set())
        found.append({"address": entry["address"], "changed": changed})
    return found


def without(addresses: Collection[str], facts: Facts) -> Facts:
    """The facts of all other addresses; a fact's name begins with the address."""
    return {name: value for name, value in facts.items() if not name.startswith(tuple(addresses))}
