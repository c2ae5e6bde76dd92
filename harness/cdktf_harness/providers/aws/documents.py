"""JSON documents: how they are stored, and when two of them mean the same."""

from __future__ import annotations

import json


def normalise_json(text: str) -> str:
    """JSON with its keys sorted and no white space, as the provider stores most documents."""
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def same_json(old: str, new: str) -> bool:
    """Whether two texts are the same JSON."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False
