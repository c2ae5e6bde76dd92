"""Where an app makes which construct: a folder for PYTHONPATH, whose `sitecustomize` notes that in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.synthesis.fast import late

_FOLDER = Path(__file__).parent
_FILE = "CDKTF_HARNESS_SOURCES"


def noted(env: Mapping[str, str], file: Path) -> dict[str, str]:
    """`env` with what makes an app load its bindings late, and write `file`: where it makes which construct."""
    found = late(env)
    return {**found, "PYTHONPATH": os.pathsep.join([str(_FOLDER), found["PYTHONPATH"]]), _FILE: str(file)}


def read(file: Path, root: Path) -> dict[str, str]:
    """`file.py:line`, relative to `root` where it is in there, by construct path; empty when nothing was noted."""
    try:
        sources: dict[str, str] = json.loads(file.read_text())
        return {path: source.removeprefix(f"{root}{os.sep}") for path, source in sources.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}
