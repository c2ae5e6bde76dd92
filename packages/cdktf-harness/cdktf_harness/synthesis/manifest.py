"""The manifest of a synthesis, the last file that CDKTF writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from cdktf_harness.system.errors import HarnessError

# The error of an app that succeeds without a synthesis.
NO_SYNTHESIS = "it ended without a call of synth()"
_MANIFEST = "manifest.json"


def forget(out: Path) -> None:
    """Remove the manifest of an earlier synthesis into the folder `out`."""
    (out / _MANIFEST).unlink(missing_ok=True)


def is_there(out: Path) -> bool:
    """Return whether an app has synthesized into the folder `out` since `forget`."""
    return (out / _MANIFEST).exists()


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
