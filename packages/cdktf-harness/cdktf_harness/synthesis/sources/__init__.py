"""The source line of each construct of an app: the `sitecustomize` in this folder records them in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

_FOLDER = Path(__file__).parent
_FILE = "CDKTF_HARNESS_SOURCES"


def lazily(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` with variables that make an app's bindings load lazily, unless it has CDKTF_FAST_SYNTH=0."""
    # An import would patch this process.
    spec = find_spec("cdktf_fast_synth")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = str(Path(spec.submodule_search_locations[0]) / "inject")
    return {**env, "PYTHONPATH": os.pathsep.join(filter(None, [folder, env.get("PYTHONPATH", "")]))}


def noted(env: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return `env` with variables that make an app load its bindings lazily and write its source lines to `file`."""
    found = lazily(env)
    return {**found, "PYTHONPATH": os.pathsep.join([str(_FOLDER), found["PYTHONPATH"]]), _FILE: str(file)}


def read(file: Path, root: Path) -> dict[str, str]:
    """Return `file.py:line` by construct path, relative to `root` if possible; empty without a file."""
    try:
        sources: dict[str, str] = json.loads(file.read_text())
        return {path: source.removeprefix(f"{root}{os.sep}") for path, source in sources.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}
