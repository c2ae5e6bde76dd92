"""Measure time and memory of commands; legs that are compared take turns."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_SAMPLE_SECONDS = 0.02
Leg = Callable[[], float]


class Run(NamedTuple):
    """One run of a command: seconds, and the sum of its processes' peak memory (MB; 0 when not asked for)."""

    wall: float
    cpu: float
    peak_mb: float = 0.0


def command(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], memory: bool = False) -> Run:
    """Run a command. Raises SystemExit with its output if it fails."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            arguments, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        peaks: dict[int, float] = {}
        while memory and process.poll() is None:
            for pid in _family(process.pid):
                peaks[pid] = max(peaks.get(pid, 0.0), _peak_mb(pid))
            time.sleep(_SAMPLE_SECONDS)
        before = os.times()
        code = process.wait()
        wall, after = time.perf_counter() - started, os.times()
        if code != 0:
            output.seek(0)
            raise SystemExit(f"{' '.join(arguments)} ended with {code}:\n{output.read().decode(errors='replace')}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Run(wall, cpu, sum(peaks.values()))


def take_turns(runs: int, **legs: Leg) -> dict[str, list[float]]:
    """Measure each leg `runs` times, one after the other in every round, so that disturbances affect all legs."""
    found: dict[str, list[float]] = {name: [] for name in legs}
    for _ in range(runs):
        for name, leg in legs.items():
            found[name].append(leg())
    return found


def _family(pid: int) -> list[int]:
    """Return the ids of the process and its descendants (Linux: proc_pid_task(5))."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _peak_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
