"""A small app, and a running command line."""

from __future__ import annotations

import fnmatch
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar
from unittest import mock

import plain_app
import psutil

from cdktf_harness.commands.cli import main
from terraform_standins.waiting import poll

T = TypeVar("T")
COMMAND = Path(sys.executable).parent / "cdktf-harness"
PATIENCE_SECONDS = 120.0
FILES = plain_app.files("synth({'hello': {'output': {'said': {'value': 'hello'}}}})\n", "hello")


def write_app(root: Path, files: Mapping[str, str] = FILES) -> Path:
    """Write an app of one stack that deploys nothing."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def found(folder: Path, name: str) -> list[Path]:
    """The files in `folder` and below whose name matches the pattern `name`.

    Unlike `rglob`, this ignores folders that disappear during the search: providers end a moment after Terraform.
    """
    return [Path(parent, each) for parent, _, names in os.walk(folder) for each in fnmatch.filter(names, name)]


class Command:
    """A running command; `lines` is what it has printed so far, on both streams."""

    def __init__(self, root: Path, *arguments: str, before: Sequence[str] = (), **env: str) -> None:
        self.lines: list[str] = []
        # As users have it: the lines must come in order without this variable.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        self.process = subprocess.Popen(
            [*before, COMMAND, *arguments],
            cwd=root,
            env={**inherited, "COLUMNS": "200", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip())

    @property
    def output(self) -> str:
        """Everything that it has printed so far."""
        return "\n".join(self.lines)

    def await_line(self, pattern: str, start: int = 0, *, seconds: float = PATIENCE_SECONDS) -> str:
        """Return what was printed after the first `start` lines, up to the line that matches `pattern`."""
        deadline, more = time.monotonic() + seconds, True
        while more:
            # The last lines may come with the end of the command.
            more = time.monotonic() < deadline and self._reader.is_alive()
            for number, line in enumerate(self.lines[start:], start + 1):
                if re.search(pattern, line):
                    return "\n".join(self.lines[start:number])
            time.sleep(0.02)
        raise AssertionError(f"no line like {pattern!r} in\n" + "\n".join(self.lines[start:]))

    def signal(self, sig: signal.Signals) -> None:
        """Send a signal to the command only."""
        self.process.send_signal(sig)

    def interrupt(self) -> None:
        """Send SIGINT to its process group, as a terminal does for Ctrl-C."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        """Return the exit code; fail with the output so far when the command does not end, and kill it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            code = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise AssertionError(f"the command did not end; it printed:\n{self.output}") from None
        # A process that the command left behind may hold its output open.
        self._reader.join(max(1.0, deadline - time.monotonic()))
        assert not self._reader.is_alive(), f"something holds the command's output open; it printed:\n{self.output}"
        return code


class Ended(NamedTuple):
    """A command that has ended: its exit code, and what it printed on both streams."""

    returncode: int
    output: str

    @property
    def lines(self) -> list[str]:
        """The lines that it printed."""
        return self.output.splitlines()


def in_process(
    root: Path, *arguments: str, env: Mapping[str, str], stdout: TextIO, stderr: TextIO, clear: bool = False
) -> int:
    """Run the command line in this process, which has imported it, and return the exit code.

    Its variables are `env` and, without `clear`, those of this process.
    """
    argv = mock.patch.object(sys, "argv", [COMMAND.name, *arguments])
    variables = mock.patch.dict(os.environ, env, clear=clear)
    with variables, argv, chdir(root), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def completed(
    root: Path, *arguments: str, env: Mapping[str, str], clear: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the command line as `in_process` does, and return what it printed on each stream."""
    stdout, stderr = io.StringIO(), io.StringIO()
    code = in_process(root, *arguments, env=env, stdout=stdout, stderr=stderr, clear=clear)
    return subprocess.CompletedProcess(arguments, code, stdout.getvalue(), stderr.getvalue())


def run(root: Path, *arguments: str, before: Sequence[str] = (), **env: str) -> Ended:
    """Run the command line to its end: in this process, or in one of the program and arguments `before`."""
    if before:
        command = Command(root, *arguments, before=before, **env)
        return Ended(command.wait(), command.output)
    output = io.StringIO()
    code = in_process(root, *arguments, stdout=output, stderr=output, env={"COLUMNS": "200", **env})
    return Ended(code, output.getvalue())


def succeed(root: Path, *arguments: str, before: Sequence[str] = (), **env: str) -> Ended:
    """Run the command line to its end, which must be a success."""
    done = run(root, *arguments, before=before, **env)
    assert done.returncode == 0, done.output
    return done


def until(found: Callable[[], T], what: str) -> T:
    """Poll `found` and return its first true result; fail if there is none in time."""
    result = poll(found, PATIENCE_SECONDS, slowest=0.2)
    assert result, f"no {what}"
    return result


def at_work(root: Path) -> list[psutil.Process]:
    """Return the running processes whose working directory is in `root`."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(root) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found
