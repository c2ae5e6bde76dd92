"""The users of the Docker engine that the harness started: the last one stops it.

Each process that uses it holds a shared lock on a file until it ends. A child process that is a user too (an embedded
cloud, which outlives its command) inherits the descriptor. Deployments and images claim the engine as well (`claims`).
Only an engine that is recorded here is ever stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
from pathlib import Path

from cdktf_harness.docker import claims, machine
from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.locks import is_held
from cdktf_harness.project.processes import Process
from terraform_standins.docker.engine import DEFAULT_HOST

STOP_SECONDS = 30.0
LOCK = "dockerd"
"""The name of the `machine.lock` to hold while finding, starting, joining, leaving or stopping the engine."""
_descriptors: list[int] = []


def record_file() -> Path:
    """Return the file with the record of an engine that the harness started (see `Process.recorded`)."""
    return machine.cache() / "dockerd.json"


def started() -> Process | None:
    """Return the engine that the harness started, if it still runs."""
    try:
        process = Process.recorded(records.read(record_file()))
    except HarnessError:
        # A damaged record names no process: treat the engine as one that the harness did not start.
        return None
    return process if process and process.alive else None


def died() -> bool:
    """Return whether the engine that the harness started has ended without being stopped here."""
    return record_file().exists() and not started()


def join() -> None:
    """Make this process a user of the engine if the harness started it; the caller holds `LOCK`."""
    if not _descriptors and started():
        _descriptors.append(os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        fcntl.flock(_descriptors[0], fcntl.LOCK_SH)


def inherited() -> tuple[int, ...]:
    """Return the descriptors that make a child process a user too."""
    return tuple(_descriptors)


def leave(*, stop: bool = False) -> bool:
    """End the use by this process; stop the engine if the harness started it and it has no user, claim or container.

    A process that was not a user stops it only with `stop`, on a person's request. Return whether it was stopped.
    """
    was_user = bool(_descriptors)
    while _descriptors:
        os.close(_descriptors.pop())
    if not (was_user or stop) or not started():
        return False
    with machine.lock(LOCK):
        engine = started()
        # Another process may have stopped it at the same time.
        if not engine or claims.valid(DEFAULT_HOST) or _is_used() or _runs_something():
            return False
        # Not its process group: it ends its children itself.
        engine.stop(signal.SIGTERM, seconds=STOP_SECONDS, group=False)
        record_file().unlink(missing_ok=True)
        return True


def _is_used() -> bool:
    return is_held(os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _runs_something() -> bool:
    """Return whether a container runs; it is not the harness's, which has removed its own."""
    # Imported late: it takes 0.2 s, and every run of pytest in an app calls this.
    from docker import APIClient
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        # `auto` asks the engine for its version and fails if none answers.
        with contextlib.closing(APIClient(base_url=DEFAULT_HOST, version="auto")) as client:
            return bool(client.containers())
    except (DockerException, RequestException):
        return False


def _lock_file() -> Path:
    return machine.cache() / "dockerd.users"
