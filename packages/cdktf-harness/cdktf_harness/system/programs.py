"""Run other programs. If one fails, the error has the end of its output."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import Any, Self, TypeVar

import psutil

from cdktf_harness.system import deployment_lock, process_supervisor
from cdktf_harness.system.errors import CommandFailed, HarnessError, describe_exit
from cdktf_harness.system.processes import Process

T = TypeVar("T")
TAIL_LINES = 40
STOPPING = "Stopping: waiting for Terraform to write its state; press Ctrl-C again to kill it"
_LOOK_SECONDS = 0.5
_END_SECONDS = 5.0
# Colours, the cursor movements of programs that redraw their last lines, and titles (ECMA-48, CSI and OSC).
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")


class Program(subprocess.Popen[str]):
    """A running program, with both output streams in `stdout`; it and its descendants end with this process.

    Raises HarnessError if there is no such program.
    """

    def __init__(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdin: int = subprocess.DEVNULL
    ) -> None:
        if not shutil.which(command[0], path=env.get("PATH")):
            raise HarnessError(
                f"{command[0]} is not on the PATH: activate the project's environment, and install what it needs there"
            )
        read, write = os.pipe()
        # The supervisor stops the program when this end of the pipe is closed.
        self._life = os.fdopen(write, "wb")
        psutil_from = str(Path(psutil.__file__).parents[1])
        try:
            super().__init__(
                [sys.executable, "-I", "-S", process_supervisor.__file__, str(read), psutil_from, *command],
                cwd=cwd,
                env=dict(env),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                # Signals of the terminal go to the harness only, which stops the program.
                start_new_session=True,
                pass_fds=(read, *deployment_lock.inherited()),
            )
        finally:
            os.close(read)

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        self._life.close()

    def stop(self) -> None:
        """Interrupt it, and kill it if it does not end in time."""
        self._life.close()

    def kill(self) -> None:
        """Kill it and its descendants."""
        self.send_signal(process_supervisor.KILL)


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    on_line: Callable[[str], None] = lambda line: None,
    say: Callable[[str], None] = lambda line: None,
    needs: Process | None = None,
) -> str:
    """Run `command`, hand each line of its output (both streams) to `on_line`, and return all of it.

    An interrupt stops the program and is raised when the program has ended, so that Terraform can write its state;
    `say` gets a line about it. A second interrupt kills the program. If the process that the program `needs` ends, the
    program is stopped, and killed soon after.

    Raises CommandFailed if the exit code is not 0.
    """
    lines: list[str] = []

    def read(program: Program) -> None:
        assert program.stdout is not None
        for line in program.stdout:
            lines.append(ESCAPES.sub("", line).rstrip())
            on_line(lines[-1])
        program.wait()

    with Program(command, cwd=cwd, env=env) as program, _stoppable(program):
        if needs:
            Thread(target=_end_with, args=(program, needs), daemon=True).start()
        try:
            read(program)
        except BaseException as interrupt:
            program.stop()
            if isinstance(interrupt, KeyboardInterrupt):
                say(STOPPING)
            while program.poll() is None:
                try:
                    read(program)
                except KeyboardInterrupt:
                    program.kill()
            raise
    if (code := program.returncode) != 0:
        ended = f"was {describe_exit(code)}; run the command again" if code < 0 else f"ended with {describe_exit(code)}"
        tail = "\n".join(lines[-TAIL_LINES:])
        raise CommandFailed(f"`{' '.join(command)}` {ended}", tail=tail, output="\n".join(lines), code=code)
    return "\n".join(lines)


class Threads:
    """Calls that run programs, each in its own thread; an interrupt, which only the main thread gets, stops them all.

    `say` gets a line about it, and a second interrupt kills the programs, as in `run`.
    """

    def __init__(self, size: int, say: Callable[[str], None]) -> None:
        self._pool = ThreadPoolExecutor(size)
        self._calls: list[Future[Any]] = []
        self._say = say

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Start a call."""
        future = self._pool.submit(call)
        self._calls.append(future)
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        interrupted = kind is not None
        if interrupted:
            self._stop(say=kind is KeyboardInterrupt)
        while True:
            try:
                # Not a join of the threads: Python 3.11 takes a thread for ended after an interrupt of its join.
                wait(self._calls)
                break
            except KeyboardInterrupt:
                if interrupted:
                    for program in tuple(_running):
                        program.kill()
                else:
                    self._stop()
                interrupted = True
        self._pool.shutdown()
        _stopping.clear()
        if interrupted and not kind:
            raise KeyboardInterrupt

    def _stop(self, *, say: bool = True) -> None:
        _stopping.set()
        for program in tuple(_running):
            program.stop()
        if say:
            self._say(STOPPING)


@contextmanager
def _stoppable(program: Program) -> Iterator[None]:
    """Let an interrupt of the main thread stop a program that another thread runs."""
    _running.add(program)
    try:
        if _stopping.is_set() and current_thread() is not main_thread():
            program.stop()
        yield
    finally:
        _running.discard(program)


_running = set[Program]()
_stopping = Event()


def _end_with(program: Program, needed: Process) -> None:
    """Stop the program when the process that it needs has ended: it would retry its calls for a long time."""
    while needed.alive:
        with suppress(subprocess.TimeoutExpired):
            program.wait(_LOOK_SECONDS)
            return
    program.stop()
    try:
        program.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
