"""IAM policy documents: whether two are equivalent, and their stored form."""

from __future__ import annotations

import json
from typing import Any

from .documents import Document, dumps, normalise_json

_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPALS = ("Principal", "NotPrincipal")


def same_policy(old: str, new: str) -> bool:
    """Whether two policies are equivalent: ignore the order of keys, statements and values, and whether a
    single value is written as a list (the provider's SuppressEquivalentPolicyDiffs)."""
    if is_empty(old) or is_empty(new):
        return is_empty(old) == is_empty(new)
    try:
        return bool(_canonical(json.loads(old)) == _canonical(json.loads(new)))
    except (ValueError, TypeError, AttributeError):
        return False


def is_empty(policy: str) -> bool:
    """Whether the text contains no policy."""
    return policy.strip() in ("", "{}")


def stored(state: str | None, answer: str) -> str:
    """What a read stores: the text of the state if AWS's answer is equivalent to it."""
    return state if state and same_policy(state, answer) else answer


def version_first(text: str) -> str:
    """A policy without white space and with sorted keys, `Version` first: the provider's stored form of
    inline policies (its LegacyPolicyNormalize)."""
    document = json.loads(text)
    if not isinstance(document, dict) or "Version" not in document:
        return dumps(document, sort_keys=True)
    rest = {key: value for key, value in document.items() if key != "Version"}
    version = dumps({"Version": document["Version"]})
    return version if not rest else f"{version[:-1]},{dumps(rest, sort_keys=True)[1:]}"


def _canonical(document: dict[str, Any]) -> Any:
    statements = document.get("Statement") or []
    statements = statements if isinstance(statements, list) else [statements]
    return {
        "Version": document.get("Version", "2008-10-17"),
        "Id": document.get("Id", ""),
        "Statement": sorted(map(_statement, statements)),
    }


def _statement(statement: dict[str, Any]) -> str:
    canonical: dict[str, Any] = {"Effect": statement.get("Effect"), "Sid": statement.get("Sid") or ""}
    for key in _LISTS:
        if key in statement:
            canonical[key] = _values(statement[key])
    for key in _PRINCIPALS:
        principal = statement.get(key)
        if isinstance(principal, dict):
            canonical[key] = {kind: _values(names) for kind, names in principal.items()}
        elif principal is not None:
            canonical[key] = {"AWS": _values(principal)}
    if statement.get("Condition"):
        canonical["Condition"] = {
            test: {variable.lower(): _values(values) for variable, values in variables.items()}
            for test, variables in statement["Condition"].items()
        }
    return json.dumps(canonical, sort_keys=True)


def _values(values: Any) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    return sorted({str(value).lower() if isinstance(value, bool) else str(value) for value in listed})


POLICY = Document(normalise_json, same_policy)
INLINE_POLICY = Document(version_first, same_policy)
"""An inline policy of a role."""
