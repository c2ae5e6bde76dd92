"""The conditions of all measurements: a copy of the project, its environment, the number of runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Leg, take_turns

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS_PREFIX = "ONTRA_"
STOCK_IMPORTS = {"CDKTF_FAST_SYNTH": "0"}


@dataclass(frozen=True)
class Bench:
    """The conditions: `root` is a copy of the project, which may be edited; `quick` runs everything once, as a test.

    `stock` turns off fast synthesis, except in a quick run, where it would take most of the time.
    """

    root: Path
    runs: int
    quick: bool
    env: Mapping[str, str]

    @property
    def stock(self) -> dict[str, str]:
        """The variables of a run with stock imports."""
        return {} if self.quick else STOCK_IMPORTS

    def with_imports(self, *, ours: Leg, stock: Leg, **others: Leg) -> dict[str, list[float]]:
        """Measure legs of which `stock` is `ours` with stock imports; in a quick run, `stock` repeats `ours`."""
        legs = others if self.quick else {"stock": stock, **others}
        found = take_turns(self.runs, ours=ours, **legs)
        return {"stock": found["ours"], **found}


def environment(architecture: str) -> dict[str, str]:
    """Return this environment without the developer's own settings; images are for `architecture`."""
    # Without bytecode, every run would compile the copy of the project again.
    hidden = (SETTINGS_PREFIX, "CDKTF_", "AWS_", "TF_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    # Requests are measured, not their limits.
    limits = {"ONTRA_RATE_LIMIT": "10000", "ONTRA_BURST_LIMIT": "5000", "ONTRA_TIMEOUT_S": "29"}
    return {**kept, **limits, "PATH": path, "ONTRA_ARCHITECTURE": architecture, "CHECKPOINT_DISABLE": "1"}
