"""The manifest of a synthesis, the last file that CDKTF writes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from cdktf_harness.system.errors import HarnessError

# The error of an app that succeeds without a synthesis.
NO_SYNTHESIS = "it ended without a call of synth()"
# With CDKTF's usual imports it takes 10 to 20 s.
LATE_SECONDS = 30
_MANIFEST = "manifest.json"


def forget(out: Path) -> None:
    """Remove the manifest of an earlier synthesis into the folder `out`."""
    (out / _MANIFEST).unlink(missing_ok=True)


def is_there(out: Path) -> bool:
    """Whether an app has synthesized into the folder `out` since `forget`."""
    return (out / _MANIFEST).exists()


@contextmanager
def awaited(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Call `say` if a synthesis into the folder `out`, in this block and after `forget`, takes unusually long."""

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


def read(out: Path) -> Mapping[str, Any]:
    """Return the entries of the stacks in the folder `out`, by name. Raises HarnessError if there is no manifest."""
    try:
        stacks: Mapping[str, Any] = json.loads((out / _MANIFEST).read_text())["stacks"]
    except FileNotFoundError:
        raise HarnessError(f"the app does not synthesize: {NO_SYNTHESIS}") from None
    return stacks


def annotated(out: Path, level: Literal["warn", "error"]) -> list[str]:
    """Return the Annotations of a level in the folder `out`, a line each. Raises HarnessError as `read`."""
    notes = [note for stack in read(out).values() for note in stack.get("annotations", ())]
    lines = (f"{note['constructPath']}: {note['message']}" for note in notes if note["level"].endswith(f"/{level}"))
    return [" ".join(line.split()) for line in lines]
