"""How it is measured: commands and other legs take turns, so that disturbances affect all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PROJECT = Path(__file__).resolve().parent.parent
STOCK_IMPORTS = {"CDKTF_FAST_SYNTH": "0"}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the table: `ours` and `peer`, measured in the same rounds, in `unit`.

    The goal is met if the median is at most `limit` and the ratio at most `limit_ratio`, if they are given.
    """

    name: str
    unit: str = "s"
    ours: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = ()
    limit: float | None = None
    limit_ratio: float | None = None

    @property
    def median(self) -> float:
        """The median of `ours`."""
        return statistics.median(self.ours)

    @property
    def ratio(self) -> float | None:
        """The median of the ratios of ours to the peer in each round."""
        ratios = [ours / peer for ours, peer in zip(self.ours, self.peer, strict=False)]
        return statistics.median(ratios) if ratios else None

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None if there is none."""
        pairs = ((self.median, self.limit), (self.ratio, self.limit_ratio))
        checks = [value <= limit for value, limit in pairs if value is not None and limit is not None]
        return all(checks) if checks else None


@dataclass(frozen=True)
class Bench:
    """The conditions: `root` is a copy of the project, which may be edited; `quick` runs everything once, as a test."""

    root: Path
    runs: int
    quick: bool
    env: Mapping[str, str]

    def run(self, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] = MappingProxyType({})) -> float:
        """Run a command and return its seconds. Raises SystemExit with its output if it fails."""
        with tempfile.TemporaryFile() as output:
            started = time.perf_counter()
            code = subprocess.call(
                arguments,
                cwd=cwd or self.root,
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            taken = time.perf_counter() - started
            if code != 0:
                output.seek(0)
                raise SystemExit(f"{' '.join(arguments)} ended with {code}:\n{output.read().decode(errors='replace')}")
        return taken

    def take_turns(self, **legs: Callable[[], float]) -> dict[str, list[float]]:
        """Measure each leg once in each round.

        In a quick run, the leg `stock` has the values of the first one: it would take most of the time.
        """
        measured = {name: leg for name, leg in legs.items() if not (self.quick and name == "stock")}
        found: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(self.runs):
            for name, leg in measured.items():
                found[name].append(leg())
        return {**dict.fromkeys(legs, next(iter(found.values()))), **found}


def environment(architecture: str) -> dict[str, str]:
    """Return this environment without the developer's own settings; images are for `architecture`."""
    # Without bytecode, every run would compile the copy of the project again.
    hidden = ("ONTRA_", "CDKTF_", "AWS_", "TF_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    # Requests are measured, not their limits.
    limits = {"ONTRA_RATE_LIMIT": "10000", "ONTRA_BURST_LIMIT": "5000", "ONTRA_TIMEOUT_S": "29"}
    return {**kept, **limits, "PATH": path, "ONTRA_ARCHITECTURE": architecture, "CHECKPOINT_DISABLE": "1"}
