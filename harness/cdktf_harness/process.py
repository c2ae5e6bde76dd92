"""Run other programs: output to a log, its tail in the error when they fail."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cdktf_harness import owner
from cdktf_harness.errors import CommandFailed, HarnessError

TAIL_LINES = 40
# Colours, and the cursor movements of programs that redraw their last lines.
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    on_line: Callable[[str], None] = lambda line: None,
) -> str:
    """Run `command`, hand each line of its output (both streams) to `on_line`, and return all of it.

    Raises CommandFailed, with the last lines, when it ends with another exit code than 0. An interrupt reaches the
    program too and is waited for, so that Terraform can write its state.
    """
    try:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=owner.inherited(),
        )
    except FileNotFoundError:
        raise HarnessError(
            f"{command[0]} is not on the PATH: activate the project's environment, and install what it needs there"
        ) from None
    lines: list[str] = []
    with process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(_ESCAPES.sub("", line).rstrip())
                on_line(lines[-1])
        except BaseException:
            stop_group(process.pid)
            raise
    code = process.returncode
    if code != 0:
        raise CommandFailed(
            f"`{' '.join(command)}` ended with exit code {code}",
            tail="\n".join(lines[-TAIL_LINES:]),
            output="\n".join(lines),
        )
    return "\n".join(lines)


def stop_group(pid: int, sig: signal.Signals = signal.SIGINT) -> None:
    """Send `sig` to the process group that `pid` leads; nothing happens when it is gone."""
    try:
        os.killpg(pid, sig)
    except ProcessLookupError:
        return
