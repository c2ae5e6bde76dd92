"""Who still uses the Docker engine that the harness started, so that the last one can stop it.

Every process that uses it holds a shared lock on one file for as long as it lives; a child that is to count as a user
(an embedded cloud, which outlives the command that started it) inherits the descriptor. The engine of somebody else
is never stopped: only one whose process id is recorded here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path

from cdktf_harness.docker import machine

STOP_SECONDS = 30.0
DEFAULT_HOST = "unix:///var/run/docker.sock"
"""Where an engine listens that the harness starts, as `DOCKER_HOST` has it."""
_descriptors: list[int] = []


def record(pid: int) -> None:
    """Remember that the harness started the engine with this process id."""
    _pid_file().write_text(str(pid))


def join() -> None:
    """Count this process as a user of the engine, if it is one that the harness started."""
    if not _descriptors and _recorded():
        _descriptors.append(os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        fcntl.flock(_descriptors[0], fcntl.LOCK_SH)


def inherited() -> tuple[int, ...]:
    """The descriptors that a child needs to count as a user too."""
    return tuple(_descriptors)


def leave() -> bool:
    """Stop counting as a user, and stop the engine if the harness started it, nobody uses it and nothing runs in it.

    Tells whether it was stopped.
    """
    while _descriptors:
        os.close(_descriptors.pop())
    if not _recorded():
        return False
    with machine.lock("dockerd"):
        pid = _recorded()
        if not pid:
            # Another one that left at the same time has stopped it.
            return False
        descriptor = os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            if _runs_something():
                return False
            _stop(pid)
            _pid_file().unlink(missing_ok=True)
            return True
        finally:
            os.close(descriptor)


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


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_engine(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        # A child that has ended lives on as a zombie until it is waited for.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)


def _recorded() -> int:
    """The process id of the engine that the harness started and that still runs, else 0."""
    try:
        pid = int(_pid_file().read_text())
    except (FileNotFoundError, ValueError):
        return 0
    return pid if _is_engine(pid) else 0


def _is_engine(pid: int) -> bool:
    try:
        return b"dockerd" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _pid_file() -> Path:
    return machine.cache() / "dockerd.pid"


def _lock_file() -> Path:
    return machine.cache() / "dockerd.users"
