"""Who still wants the Docker engine that the harness started, so that the last one can stop it.

Every process that uses it holds a shared lock on one file for as long as it lives; a child that is to count as a user
(an embedded cloud, which outlives the command that started it) inherits the descriptor. What a command leaves behind
wants the engine too (`claims`). The engine of somebody else is never stopped: only one that is recorded here.
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
from cdktf_harness.project.processes import Process
from terraform_standins.docker.engine import DEFAULT_HOST

STOP_SECONDS = 30.0
LOCK = "dockerd"
"""What `machine.lock` guards while the engine is found or started and joined, or left and stopped."""
_descriptors: list[int] = []


def record_file() -> Path:
    """Where the process of an engine that the harness starts is recorded (see `processes.recorded`)."""
    return machine.cache() / "dockerd.json"


def started() -> Process | None:
    """The engine that the harness started and that still runs."""
    try:
        process = Process.recorded(records.read(record_file()))
    except HarnessError:
        # Damaged: nobody can say what it was, so it is somebody else's from now on.
        return None
    return process if process and process.alive else None


def died() -> bool:
    """Whether the engine that the harness started has ended without being stopped here."""
    return record_file().exists() and not started()


def join() -> None:
    """Count this process as a user of the engine, if it is one that the harness started; under `LOCK`."""
    if not _descriptors and started():
        _descriptors.append(os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        fcntl.flock(_descriptors[0], fcntl.LOCK_SH)


def inherited() -> tuple[int, ...]:
    """The descriptors that a child needs to count as a user too."""
    return tuple(_descriptors)


def leave(*, stop: bool = False) -> bool:
    """Stop counting as a user; stop the engine if the harness started it, nobody wants it and nothing runs in it.

    A process that never was a user stops nothing, unless a person asked for that (`stop`). Tells whether it stopped.
    """
    was_user = bool(_descriptors)
    while _descriptors:
        os.close(_descriptors.pop())
    if not (was_user or stop) or not started():
        return False
    with machine.lock(LOCK):
        engine = started()
        # Another one that left at the same time may have stopped it.
        if not engine or claims.valid(DEFAULT_HOST) or _is_used() or _runs_something():
            return False
        # Not its children: it ends them in order.
        engine.stop(signal.SIGTERM, seconds=STOP_SECONDS, group=False)
        record_file().unlink(missing_ok=True)
        return True


def _is_used() -> bool:
    descriptor = os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _runs_something() -> bool:
    """Whether a container runs: the harness has removed its own, so it is somebody's."""
    # Late: it costs 0.2 s, and every run of pytest in an app comes here.
    from docker import APIClient
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        # It asks the engine for its version, so it fails where none answers (any more, or yet).
        with contextlib.closing(APIClient(base_url=DEFAULT_HOST, version="auto")) as client:
            return bool(client.containers())
    except (DockerException, RequestException):
        return False


def _lock_file() -> Path:
    return machine.cache() / "dockerd.users"
