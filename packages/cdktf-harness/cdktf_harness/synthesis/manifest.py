"""The manifest that CDKTF writes last when it synthesizes: that it is there, and what it lists."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import HarnessError

# What is wrong with an app that ends well and makes no stacks.
NO_SYNTHESIS = "it ended without a call of synth()"
# With all of the stock imports it takes 10 to 20 s.
LATE_SECONDS = 30
_MANIFEST = "manifest.json"


def forget(out: Path) -> None:
    """Make sure that `read` finds nothing of an earlier synthesis into the folder `out`."""
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


def read(out: Path) -> Mapping[str, Any]:
    """The stacks that were synthesized into the folder `out`, by name. Raises HarnessError where there are none."""
    try:
        stacks: Mapping[str, Any] = json.loads((out / _MANIFEST).read_text())["stacks"]
    except FileNotFoundError:
        raise HarnessError(f"the app does not synthesize: {NO_SYNTHESIS}") from None
    return stacks
