"""The command line: `cdktf-harness up`, `get`, `down` and so on, for the project of the working directory."""

from __future__ import annotations

import atexit
import gc
import io
import os
import re
import signal
import sys
from contextlib import suppress
from typing import NoReturn

import typer
from rich.markup import escape

from cdktf_harness.commands import aws, daily, init, interrupts, local
from cdktf_harness.project import environment
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
daily.add(local.commands, local.local_deployment)
daily.add(aws.commands, aws.aws_deployment)
app.command()(init.init)
app.add_typer(local.commands)
app.add_typer(aws.commands, name="aws")

# Programs report a full disk in many ways.
_FULL = re.compile(r"no space left on\s+device|ENOSPC|disk quota exceeded|EDQUOT", re.I)
# Typer's exit code after an interrupt.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line. A failure prints the end of the failed tool's output and one line."""
    # Without this, the garbage collection at exit takes 0.1 s.
    atexit.register(gc.freeze)
    # Keep the order of lines of standard output and standard error in a pipe. Not every encoding has a check mark.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    os.environ |= environment.direct()
    try:
        with interrupts.raised():
            app(standalone_mode=True)
    except HarnessError as error:
        output = error.output if isinstance(error, CommandFailed) else ""
        advice = _advice(f"{error} {output}")
        if isinstance(error, CommandFailed) and error.tail and not advice:
            Steps().console.print(f"[dim]{escape(error.tail)}[/dim]")
        _fail(f"{error}{advice}")
    except OSError as error:
        # Usually of the state folder: it is not writable, or the disk is full.
        said = ": ".join(map(str, filter(None, (error.filename, error.strerror or error))))
        owner = "; it may belong to another user, such as root: change its owner with chown"
        _fail(f"{said}{owner if isinstance(error, PermissionError) else _advice(said)}")
    except (SystemExit, KeyboardInterrupt) as end:
        if isinstance(end.__context__, BrokenPipeError):
            # A reader such as `head` has ended: use the exit code that shells report for other programs.
            sys.exit(128 + signal.SIGPIPE)
        if getattr(end, "code", _INTERRUPTED) == _INTERRUPTED and (code := interrupts.exit_code()):
            _fail("interrupted; run the command again to continue", code)
        raise


def _advice(output: str) -> str:
    """Return what to do if a program reports a full disk, as the end of a line; else an empty string."""
    again = "free some space (`df -h` and `df -i` show where), then run the command again"
    return f": a disk is full; {again}" if _FULL.search(output) else ""


def _fail(line: str, code: int = 1) -> NoReturn:
    with suppress(OSError):  # the terminal may be gone
        Steps().console.print(f"[red]error:[/red] {escape(line)}")
    sys.exit(code)
