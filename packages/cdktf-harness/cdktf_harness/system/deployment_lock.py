"""The lock of a deployment, a file beside its folder: one command at a time works on a deployment.

The programs that a command starts inherit the lock. So it is released only when all of them have ended, even if the
command was killed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from cdktf_harness.system.processes import Process
from terraform_standins.waiting import poll

_RECORD_SECONDS = 3.0
_descriptors: list[int] = []


@contextmanager
def owned(folder: Path, wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the deployment in `folder` while the block runs.

    If another command holds it, call `wait` with one line that names that command; `wait` may raise instead of waiting.
    """
    lock = FileLock(_file(folder), mode=0o600, on_acquired=_enter)
    _acquire(lock, wait)
    try:
        yield
    finally:
        descriptor = _descriptors.pop()
        os.ftruncate(descriptor, 0)
        if not folder.exists():
            _remove(Path(lock.lock_file), descriptor)
        lock.release()


def inherited() -> tuple[int, ...]:
    """Return the descriptors of the locks that this process holds, for its child processes."""
    return tuple(_descriptors)


def _file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _acquire(lock: FileLock, wait: Callable[[str], None]) -> None:
    file, timeout = Path(lock.lock_file), 0
    while True:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            wait(_holder(file))
            timeout = -1
        except FileNotFoundError:
            # Another command has removed the deployment, and the lock's folder with it.
            continue
        else:
            return


def _enter(descriptor: int) -> None:
    """Write this process into the lock file."""
    _descriptors.append(descriptor)
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    record = {**Process.of(os.getpid()).record, "command": command}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(record).encode(), 0)


def _holder(file: Path) -> str:
    # The holder writes its record just after it has the lock. One of an ended process is that of a killed command.
    found = poll(lambda: _recorded(file), _RECORD_SECONDS, until=lambda it: it and it[0].alive)
    if not found:
        return "Another command works on this deployment: waiting for its end"
    process, command = found
    if process.alive:
        return f"`{command}` (process {process.pid}) works on this deployment: waiting for its end"
    return f"`{command}` was killed: waiting for the end of the programs that it had started"


def _recorded(file: Path) -> tuple[Process, str] | None:
    try:
        record = json.loads(file.read_text())
        process = Process.recorded(record)
        return (process, record["command"]) if process else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remove(file: Path, descriptor: int) -> None:
    """Remove the lock of a deployment that was removed, and its folder if that is empty."""
    with suppress(OSError):
        if os.path.samestat(file.stat(), os.fstat(descriptor)):
            file.unlink()
        file.parent.rmdir()
