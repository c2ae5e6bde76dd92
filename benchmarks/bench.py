"""What all figures are measured with: a copy of the project, its environment, the number of runs."""

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
    """`root` is a copy of the project, which may be edited; `quick` runs every path once, to see that it works.

    `stock` turns off what makes a synthesis fast. Not when it is to be quick: that would be most of the time.
    """

    root: Path
    runs: int
    quick: bool
    env: Mapping[str, str]

    @property
    def stock(self) -> dict[str, str]:
        """Variables of the stock leg."""
        return {} if self.quick else STOCK_IMPORTS

    def with_imports(self, *, ours: Leg, stock: Leg, **others: Leg) -> dict[str, list[float]]:
        """Measure legs of which `stock` is `ours` with stock imports: the same command once more when it is quick."""
        legs = others if self.quick else {"stock": stock, **others}
        found = take_turns(self.runs, ours=ours, **legs)
        return {"stock": found["ours"], **found}


def environment(architecture: str) -> dict[str, str]:
    """A developer's environment without settings of his own; images are of `architecture`, this machine's own."""
    # Without bytecode, a copy of the project would be compiled in every run.
    hidden = (SETTINGS_PREFIX, "CDKTF_", "AWS_", "TF_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "PATH": path, "ONTRA_ARCHITECTURE": architecture, "CHECKPOINT_DISABLE": "1"}
