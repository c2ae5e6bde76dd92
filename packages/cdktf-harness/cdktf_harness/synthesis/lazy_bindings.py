"""Variables that make any app load its bindings lazily."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def lazily(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` with variables that make an app's bindings load lazily, unless it has CDKTF_FAST_SYNTH=0."""
    # An import would patch this process.
    spec = find_spec("cdktf_fast_synth")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = str(Path(spec.submodule_search_locations[0]) / "inject")
    return {**env, "PYTHONPATH": os.pathsep.join(filter(None, [folder, env.get("PYTHONPATH", "")]))}
