"""JSON documents: how they are stored, and when two of them mean the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def dumps(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """JSON as Go writes it: compact, and with <, > and & escaped."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, indent=indent, sort_keys=sort_keys, separators=separators, ensure_ascii=False)
    return text.translate(_ESCAPED)


def normalise_json(text: str) -> str:
    """JSON with its keys sorted and no white space, as the provider stores most documents."""
    return dumps(json.loads(text), sort_keys=True)


def same_json(old: str, new: str) -> bool:
    """Whether two texts are the same JSON."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


@dataclass(frozen=True)
class Document:
    """A kind of documents: how the provider writes one, and when two mean the same."""

    normalise: Callable[[str], str]
    same: Callable[[str, str], bool]

    def stored(self, state: str | None, answer: str) -> str:
        """What a read stores: the text of the state as long as AWS's answer means the same."""
        text = self.normalise(answer)
        return state if state and self.same(state, text) else text


JSON = Document(normalise_json, same_json)
