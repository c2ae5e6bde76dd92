"""The JSON that CDKTF synthesizes (cdktf 0.21: `//` holds its metadata, with the construct path of each element)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

COMMENT = "//"


@dataclass(frozen=True)
class Document:
    """One stack's cdk.tf.json."""

    stack: str
    content: Mapping[str, Any]

    def blocks(self, kind: str) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        """Construct path, address, type and arguments of each resource, data source or provider."""
        for type_, named in self.content.get(kind, {}).items():
            if kind == "provider":
                for values in named if isinstance(named, list) else [named]:
                    alias = values.get("alias")
                    address = f"provider.{type_}.{alias}" if alias else f"provider.{type_}"
                    yield address, address, type_, values
                continue
            for name, values in named.items():
                address = f"data.{type_}.{name}" if kind == "data" else f"{type_}.{name}"
                yield construct_path(values) or address, address, type_, without_comments(values)

    @property
    def outputs(self) -> dict[str, str]:
        """The construct path, below the stack, of each output by its key."""
        tree = self.content.get(COMMENT, {}).get("outputs", {}).get(self.stack, {})
        return {key: path for path, key in _leaves(tree)}


def construct_path(values: Mapping[str, Any]) -> str:
    """The construct path that a block's metadata names; empty where an override made the block."""
    return str(values.get(COMMENT, {}).get("metadata", {}).get("path", ""))


def without_comments(values: Any) -> Any:
    """A copy without CDKTF's own comments."""
    if isinstance(values, Mapping):
        return {key: without_comments(value) for key, value in values.items() if key != COMMENT}
    return [without_comments(value) for value in values] if isinstance(values, list) else values


def _leaves(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}/")
        else:
            yield f"{above}{name}", str(value)
