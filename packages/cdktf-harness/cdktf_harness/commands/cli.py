"""The command line: `cdktf-harness up`, `get`, `down` and so on, for the project of the working directory."""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

import typer
from rich.markup import escape

from cdktf_harness.commands import aws, checks, daily, disk, interrupts, local
from cdktf_harness.project import environment
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
daily.add(local.commands, local.local_deployment)
daily.add(aws.commands, aws.aws_deployment)
app.add_typer(local.commands)
app.add_typer(checks.commands)
app.add_typer(aws.commands, name="aws")

# Typer's exit code after an interrupt.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line. A failure prints the end of the failed tool's output and one line."""
    # Without this, the garbage collection at exit takes 0.1 s.
    atexit.register(gc.freeze)
    # Keep the order of lines on standard output and standard error when they go to a pipe.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    os.environ |= environment.direct()
    try:
        with interrupts.raised():
            app(standalone_mode=True)
    except HarnessError as error:
        output = error.output if isinstance(error, CommandFailed) else ""
        advice = disk.advice(f"{error} {output}")
        if isinstance(error, CommandFailed) and error.tail and not advice:
            Steps().console.print(f"[dim]{escape(error.tail)}[/dim]")
        _fail(f"{error}{advice}")
    except OSError as error:
        # Mostly the state folder: not writable, or the disk is full.
        said = ": ".join(map(str, filter(None, (error.filename, error.strerror or error))))
        _fail(f"{said}{disk.advice(said)}")
    except (SystemExit, KeyboardInterrupt) as end:
        if isinstance(end.__context__, BrokenPipeError):
            # Whoever reads the output has seen enough, such as `head`: the exit code that shells give to others then.
            sys.exit(128 + signal.SIGPIPE)
        if getattr(end, "code", _INTERRUPTED) == _INTERRUPTED and (code := interrupts.exit_code()):
            _fail("interrupted; run the command again to go on", code)
        raise


def _fail(line: str, code: int = 1) -> NoReturn:
    with suppress(OSError):  # the terminal may be gone
        Steps().console.print(f"[red]error:[/red] {escape(line)}")
    sys.exit(code)
