"""Overlays: by dotted path, the keys of an attribute or a block that the bindings lack."""

from __future__ import annotations

import re
from typing import Any

_SOURCES = {"resource": ("resource_schemas", "resources"), "data": ("data_source_schemas", "data_sources")}


def lay(schema: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Add the overlay's keys to the schema. Raises KeyError if the schema lacks one of the paths."""
    schema["version"] = overlay.get("version", 0)
    for path, keys in overlay.get("paths", {}).items():
        _at(schema["block"], path).update(keys)
    return schema


def _at(block: dict[str, Any], path: str) -> dict[str, Any]:
    *parents, last = path.split(".")
    for parent in parents:
        block = block["blocks"][parent]["block"]
    found: dict[str, Any] = block["attributes"].get(last) or block.get("blocks", {})[last]
    return found


def _has(block: dict[str, Any], path: str) -> bool:
    try:
        return bool(_at(block, path))
    except KeyError:
        return False


def from_details(details: dict[str, Any], name: str, block: dict[str, Any]) -> dict[str, Any]:
    """Create an overlay for `block` from a recording of the real provider's schema objects.

    The recording may be of an older version: paths that `block` lacks are omitted. Review the result.
    """
    kind, type_name = name.split(".")
    recorded = (
        details["provider"]
        if kind == "provider"
        else next(details[key][type_name] for key in _SOURCES[kind] if key in details)
    )
    paths: dict[str, Any] = {}
    for path, attribute in recorded["attributes"].items():
        keys = {key: attribute[key] for key in ("force_new", "sensitive", "default") if key in attribute}
        if attribute["type"].endswith("(block)"):
            # The provider checks the minimum of an optional block itself; its schema has 0.
            keys |= {"max_items": attribute["max_items"]} if "max_items" in attribute else {}
            if attribute.get("computed"):
                keys["computed"] = True
            if attribute.get("diff_suppress") == "verify.SuppressMissingOptionalConfigurationBlock":
                keys["keep_when_absent"] = True
        checks = _checks(attribute, "." in path or path.endswith("[*]"))
        if checks:
            keys["checks"] = checks
        path = path.removesuffix("[*]")
        if keys and _has(block, path):
            target = paths.setdefault(path, {})
            target.update(keys, checks=[*target.get("checks", []), *checks]) if checks else target.update(keys)
    return {"version": recorded.get("schema_version", 0), "paths": paths}


def _checks(attribute: dict[str, Any], inner: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for refusal in attribute.get("refuses", ()):
        check = _check(refusal["message"])
        if check and "validate_diag" in attribute and inner:
            check["last"] = True
        if check and check not in found:
            found.append(check)
    if {"json": "policy"} in found:
        # One validator with several messages.
        found = [check for check in found if check != {"json": "any"}]
    found += [{key: attribute[key]} for key in ("conflicts_with", "exactly_one_of") if key in attribute]
    if "max_items" in attribute and not attribute["type"].endswith("(block)"):
        found.append({"max_items": attribute["max_items"]})
    return found


def _check(message: str) -> dict[str, Any] | None:
    number = r"(-?[\d.]+)"
    if match := re.fullmatch(r"expected ATTR to be one of \[(.*)\], got VALUE", message):
        return {"one_of": re.findall(r'"([^"]*)"', match[1]) or [int(n) for n in match[1].split()]}
    for kind, text in (("range", "expected ATTR to be in"), ("length", "expected length of ATTR to be in")):
        if match := re.fullmatch(rf"{text} the range \({number} - {number}\), got VALUE", message):
            return {kind: [float(n) if "." in n else int(n) for n in match.groups()]}
    if match := re.fullmatch(rf"expected ATTR to be at least \({number}\), got VALUE", message):
        return {"at_least": int(match[1])}
    if "is an invalid ARN" in message:
        return {"arn": True}
    if "contains an invalid JSON" in message or "not a valid JSON" in message:
        return {"json": "policy" if "policy" in message else "any"}
    return None
