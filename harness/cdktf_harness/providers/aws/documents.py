"""JSON documents and policies: how they are stored, and when two of them mean the same."""

from __future__ import annotations

import json
from typing import Any


def normalise_json(text: str) -> str:
    """JSON with its keys sorted and no white space, as the provider stores most documents."""
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def same_json(old: str, new: str) -> bool:
    """Whether two texts are the same JSON."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


def same_policy(old: str, new: str) -> bool:
    """Whether two IAM policies mean the same: the order of values does not matter, nor a list around one value.

    Source: github.com/hashicorp/awspolicyequivalence, which the provider asks.
    """
    try:
        return bool(_policy(json.loads(old)) == _policy(json.loads(new)))
    except ValueError:
        return False


def _policy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _policy(element) for key, element in value.items()}
    if isinstance(value, list):
        elements = sorted((_policy(element) for element in value), key=lambda e: json.dumps(e, sort_keys=True))
        return elements[0] if len(elements) == 1 else elements
    # AWS writes numbers and booleans of conditions as text.
    return str(value).lower() if isinstance(value, (bool, int)) else value
