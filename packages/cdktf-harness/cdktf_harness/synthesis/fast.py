"""Run an app with bindings that load late, whatever it knows of that."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def late(env: Mapping[str, str]) -> dict[str, str]:
    """`env` with what makes an app's bindings load late, unless that says CDKTF_FAST_SYNTH=0."""
    # Not imported, which would change how this process loads its own.
    spec = find_spec("cdktf_fast_synth")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = str(Path(spec.submodule_search_locations[0]) / "inject")
    return {**env, "PYTHONPATH": os.pathsep.join(filter(None, [folder, env.get("PYTHONPATH", "")]))}
