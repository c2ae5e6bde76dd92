"""Run a program, and stop it with its descendants when the starting process ends: `supervisor.py PIPE PATH COMMAND...`.

PIPE is the descriptor of the reading end of a pipe. Only the starting process has the other end. When that end is
closed, because the process closed it or died, the program is stopped: each process group of the program and its
descendants is interrupted once, after which Terraform writes its state. Processes that are left after STOP_SECONDS, or
when the signal KILL arrives, are killed. Processes that outlive the program are stopped in the same way.

The exit code or signal is the program's. PATH is the folder from which psutil is imported, only if it is needed: the
supervisor is started for each run of a program, so it imports little.

Source: Linux man-pages, PR_SET_CHILD_SUBREAPER(2const).
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

STOP_SECONDS = 120.0
KILL = signal.SIGQUIT
# Time for descendants that end by themselves after the program.
_LEAVE_SECONDS = 0.5
_LOOK_SECONDS = 0.1
_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SET_CHILD_SUBREAPER = 36


class Supervisor:
    """Starts the program and stops it on request."""

    def __init__(self, pipe: int, path: str, command: list[str]) -> None:
        self._pipe, self._path = pipe, path
        os.set_inheritable(pipe, False)
        self._signals, write = os.pipe()
        os.set_blocking(self._signals, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for sig in (*_STOP, KILL, signal.SIGCHLD):
            signal.signal(sig, lambda *_: None)
        # Restore the signals that Python ignores or that are handled above.
        defaults = (*_STOP, KILL, signal.SIGPIPE, signal.SIGXFSZ)
        self._program = os.posix_spawnp(command[0], command, os.environ, setpgroup=0, setsigdef=defaults)
        self._status: int | None = None
        self._kill = self._adopts = False

    def run(self) -> int:
        """Wait until the program and its descendants have ended; return the program's status, as in wait(2)."""
        self._adopts = _adopt_orphans()
        while self._status is None and not self._told(self._pipe):
            self._reap()
        deadline = time.monotonic() + _LEAVE_SECONDS
        while self._status is not None and self._reap() and time.monotonic() < deadline:
            self._told(seconds=_LEAVE_SECONDS)
        if self._reap():
            self._stop()
        assert self._status is not None
        return self._status

    def _stop(self) -> None:
        sys.path.append(self._path)
        import psutil

        deadline, interrupted = time.monotonic() + STOP_SECONDS, set[int]()
        while self._reap():
            processes = psutil.Process().children(recursive=True)
            if self._kill or time.monotonic() > deadline:
                for process in processes:
                    process.kill()
            groups = set(filter(None, (_group(process.pid) for process in processes)))
            for group in groups - interrupted:
                interrupted.add(group)
                _interrupt(group)
            self._told(seconds=_LOOK_SECONDS)

    def _told(self, *pipe: int, seconds: float | None = None) -> bool:
        """Wait for a signal, or for the end of `pipe`; return whether to stop the program."""
        ready = select.select([self._signals, *pipe], [], [], seconds)[0]
        signals = os.read(self._signals, 1 << 10) if self._signals in ready else b""
        self._kill = self._kill or KILL in signals
        return any(end in ready for end in pipe) or not set(signals).isdisjoint((*_STOP, KILL))

    def _reap(self) -> bool:
        """Collect the status of ended processes; return whether a descendant of the program still runs."""
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                if pid == self._program:
                    self._status = status
        except ChildProcessError:
            return not self._adopts and _interrupt(self._program, 0)


def _adopt_orphans() -> bool:
    """Become the parent of the program's orphans; return whether this system supports that."""
    if sys.platform != "linux":
        return False
    import ctypes

    return bool(ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _interrupt(group: int, sig: int = signal.SIGINT) -> bool:
    """Send a signal to a process group; return whether the group exists."""
    try:
        os.killpg(group, sig)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main(pipe: int, path: str, command: list[str]) -> None:
    """Run the program and exit with its exit code or signal."""
    status = Supervisor(pipe, path, command).run()
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) != signal.SIGKILL:
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    # Skip the interpreter's clean-up: the harness waits for this exit.
    os._exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
