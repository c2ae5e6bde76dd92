"""Processes that a later command can identify: by number and start time, since the system reuses numbers."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from terraform_standins.waiting import poll


@dataclass(frozen=True)
class Process:
    """A process of this machine, running or ended."""

    pid: int
    started: float
    """Seconds: on Linux since boot, elsewhere since 1970. Setting the clock changes neither."""

    @classmethod
    def of(cls, pid: int) -> Process:
        """Return the process that has the number `pid` now. Raises ProcessLookupError if there is none."""
        try:
            return cls(pid, _started(psutil.Process(pid)))
        except psutil.NoSuchProcess:
            raise ProcessLookupError(f"no process {pid}") from None

    @classmethod
    def recorded(cls, record: Any) -> Process | None:
        """Return the process that the `record` of an earlier command names; None if it names none."""
        match record:
            case {"pid": int(pid), "started": int(started) | float(started)} if pid > 0:
                return cls(pid, float(started))
        return None

    @property
    def record(self) -> dict[str, Any]:
        """Return the record that `recorded` reads."""
        return {"pid": self.pid, "started": self.started}

    @property
    def alive(self) -> bool:
        """Whether it still runs, or holds what it had, such as a port."""
        try:
            process = psutil.Process(self.pid)
            # The first thread of a killed process may be a zombie before the others have ended.
            ended = process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
            return _started(process) == self.started and not ended
        except psutil.NoSuchProcess:
            return False

    def stop(self, sig: signal.Signals, *, seconds: float, group: bool = True) -> None:
        """Send `sig` to it and, with `group`, to the process group that it leads; kill it if it has not ended in time.

        Do nothing if it has ended already. Raises PermissionError if it belongs to another user.
        """
        if self.alive:
            self._signal(sig, group)
        while not poll(lambda: not self.alive, seconds):
            self._signal(signal.SIGKILL, group)

    def _signal(self, sig: signal.Signals, group: bool) -> None:
        with suppress(ProcessLookupError):
            if group and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, sig)
            else:
                os.kill(self.pid, sig)


def _started(process: psutil.Process) -> float:
    if sys.platform == "linux":
        # psutil adds the boot time, which changes when the clock is set.
        return round(process.create_time() - psutil.boot_time(), 2)
    return process.create_time()
