"""JSON documents: their stored form, and whether two of them are equivalent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def dumps(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """JSON as Go writes it: compact, with <, > and & escaped."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, indent=indent, sort_keys=sort_keys, separators=separators, ensure_ascii=False)
    return text.translate(_ESCAPED)


def normalise_json(text: str) -> str:
    """JSON with sorted keys and without white space, as the provider stores most documents."""
    return dumps(json.loads(text), sort_keys=True)


def same_json(old: str, new: str) -> bool:
    """Whether two texts are the same JSON."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


@dataclass(frozen=True)
class Document:
    """A kind of document: how the provider stores one, and whether two are equivalent."""

    normalise: Callable[[str], str]
    same: Callable[[str, str], bool]

    def stored(self, state: str | None, answer: str) -> str:
        """What a read stores: the text of the state if AWS's answer is equivalent to it."""
        text = self.normalise(answer)
        return state if state and self.same(state, text) else text


JSON = Document(normalise_json, same_json)
