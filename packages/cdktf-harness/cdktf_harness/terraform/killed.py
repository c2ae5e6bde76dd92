"""Tell that Terraform was killed: CDKTF's command line (0.21) takes a death by a signal for exit code 0.

Read by each start of Terraform that changes something (see `program`), so it imports next to nothing.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys

from cdktf_harness.project.locks import is_held

KILLED = """\
╷
│ Error: Terraform was killed while it changed this stack
│
│ What it had done by then is in its state where it could still write that. Run the command again.
╵
"""
# Without a line, ends the process $0, with the text $1 where it writes its errors; it goes on at other signals.
_END = 'read -r line || { printf %s "$1" >"/proc/$0/fd/2"; kill -s ABRT "$0"; }'


def await_child(mark: Unfinished, command: str) -> int | None:
    """Go on in a child process and wait for its end; returns its exit code, and nothing in the child.

    CDKTF's command line starts Terraform as the first process of a terminal, and sees the death of that one only.
    """
    mark.set()
    # What the terminal sends is the child's as well.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    ended = _ends_command_line() if command == "destroy" else None
    child = os.fork()
    if child == 0:
        if ended is not None:
            os.close(ended)
        mark.leave()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return None
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended is not None:
        os.write(ended, b"\n")
    if code < 0:
        print(KILLED, end="", file=sys.stderr)
        return 1
    mark.remove()
    return code


class Unfinished:
    """A file in a stack's folder that is there while Terraform changes the stack, and for good where it was killed.

    Where not even its exit code could tell, CDKTF's command line asks for the outputs after a deployment.
    """

    def __init__(self, stack: str) -> None:
        self._path = os.path.join(stack, ".terraform", "unfinished")
        self._file: int | None = None

    def set(self) -> None:
        """Make it, and hold it as long as this process lives."""
        if os.path.isdir(os.path.dirname(self._path)):
            self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Leave it to the process that made it."""
        if self._file is not None:
            os.close(self._file)

    def remove(self) -> None:
        """Remove it, if this process made it."""
        if self._file is not None:
            os.unlink(self._path)

    def was_left(self) -> bool:
        """Whether it is there, and the process that made it is not."""
        try:
            return not is_held(os.open(self._path, os.O_RDWR))
        except FileNotFoundError:
            return False


def _ends_command_line() -> int | None:
    """Let CDKTF's command line end with an error when this process is killed; a line into the descriptor prevents it.

    After a destroy, it starts no Terraform that could tell (see `Unfinished`). Nothing where another program is the
    parent, or where the system has no /proc.
    """
    parent = os.getppid()
    try:
        with open(f"/proc/{parent}/cmdline", "rb") as file:
            if not any(part.endswith((b"/cdktf", b"/cdktn")) for part in file.read().split(b"\0")):
                return None
    except OSError:
        return None
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.dup2(read, 0)
        # The command line waits until nobody has its terminal any more.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.execvp("sh", ["sh", "-c", _END, str(parent), KILLED])
    os.close(read)
    return write
