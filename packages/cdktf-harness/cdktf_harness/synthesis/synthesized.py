"""The JSON that CDKTF synthesizes (cdktf 0.21: `//` holds its metadata, with the construct path of each element)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import HarnessError

# What is wrong with an app that ends well and makes no stacks.
NO_SYNTHESIS = "it ended without a call of synth()"
# With all of the stock imports it takes 10 to 20 s.
LATE_SECONDS = 30
_MANIFEST = "manifest.json"
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


def forget(out: Path) -> None:
    """Make sure that `manifest` finds nothing of an earlier synthesis into the folder `out`."""
    (out / _MANIFEST).unlink(missing_ok=True)


def is_there(out: Path) -> bool:
    """Whether an app has synthesized into the folder `out` since `forget`."""
    return (out / _MANIFEST).exists()


@contextmanager
def awaited(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Around a synthesis into the folder `out`, after `forget`: tells `say` when the app takes unusually long."""

    def late() -> None:
        if not is_there(out):
            say(f"  the app has not synthesized for {LATE_SECONDS} s: waiting for `app` of cdktf.json, Ctrl-C ends it")

    timer = threading.Timer(LATE_SECONDS, late)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def manifest(out: Path) -> Mapping[str, Any]:
    """The stacks that were synthesized into the folder `out`, by name. Raises HarnessError where there are none."""
    try:
        stacks: Mapping[str, Any] = json.loads((out / _MANIFEST).read_text())["stacks"]
    except FileNotFoundError:
        raise HarnessError(f"the app does not synthesize: {NO_SYNTHESIS}") from None
    return stacks


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
