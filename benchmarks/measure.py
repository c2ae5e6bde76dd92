"""How it is measured: commands and other legs take turns, so that disturbances affect all of them."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import truediv
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

PROJECT = Path(__file__).resolve().parent.parent
APP, STACK = "lambda_image/app.py", "stacks/api.py"
STOCK_IMPORTS = {"CDKTF_FAST_SYNTH": "0"}


@dataclass(frozen=True)
class Figure:
    """One row of the table. The goal is an upper limit of the ratio, or of the median if there is no peer."""

    name: str
    ours: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = ()
    goal: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        """The median of the ratios of ours to the peer in each round."""
        return statistics.median(map(truediv, self.ours, self.peer)) if self.peer else None


@dataclass(frozen=True)
class Bench:
    """The conditions: `root` is a copy of the project, which may be edited; `quick` runs everything once, as a test."""

    root: Path
    runs: int
    quick: bool
    env: Mapping[str, str]

    def run(self, *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> float:
        """Run a command as `output` does, and return its seconds."""
        started = time.perf_counter()
        output(*command, cwd=cwd or self.root, env={**self.env, **(env or {})})
        return time.perf_counter() - started

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first match of a pattern in a file."""
        text, count = re.subn(old, new, (self.root / name).read_text(), count=1)
        assert count, f"{name} has no {old!r}"
        (self.root / name).write_text(text)

    def take_turns(self, **legs: Callable[[], float]) -> dict[str, list[float]]:
        """Measure each leg once in each round; a quick run leaves out `stock`, and gives it the values of the first."""
        measured = {name: leg for name, leg in legs.items() if not (self.quick and name == "stock")}
        found: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(self.runs):
            for name, leg in measured.items():
                found[name].append(leg())
        return {**dict.fromkeys(legs, next(iter(found.values()))), **found}


def output(*command: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it prints. Raises SystemExit, after printing that, if the command fails."""
    done = subprocess.run(command, cwd=cwd, env=env, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, check=False)
    text = done.stdout.decode(errors="replace")
    if done.returncode:
        print(f"{text}error: `{' '.join(command)}` ended with exit code {done.returncode}", file=sys.stderr)
        raise SystemExit(1)
    return text


def environment() -> dict[str, str]:
    """Return this environment without the developer's own settings; images are for this machine."""
    # Without bytecode, every run would compile the copy of the project again.
    hidden = ("ONTRA_", "CDKTF_", "AWS_", "TF_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    # Requests are measured, not their limits.
    limits = {"ONTRA_RATE_LIMIT": "10000", "ONTRA_BURST_LIMIT": "5000", "ONTRA_TIMEOUT_S": "29"}
    architecture = "x86_64" if platform.machine() == "x86_64" else "arm64"
    return {**kept, **limits, "PATH": path, "ONTRA_ARCHITECTURE": architecture, "CHECKPOINT_DISABLE": "1"}
