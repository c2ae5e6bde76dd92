"""Run a Python program with its imports done beforehand: `python spare.py MODULES PROGRAM [ARGUMENT...]`.

The file MODULES names the modules that the last run imported, in that order, and is written anew by each run. They are
imported at once; the program itself runs when a line arrives on standard input, and never if that ends before.

This file is run by the program's own Python and imports nothing of the harness.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
import traceback
from contextlib import suppress
from pathlib import Path


def main(notes: Path, program: Path, arguments: list[str]) -> None:
    """Import, wait, run, and note what was imported."""
    sys.argv = [str(program), *arguments]
    sys.path[0] = str(program.resolve().parent)
    before = set(sys.modules)
    for name in _noted(notes):
        # What cannot be imported is for the program to say, which imports it again.
        with suppress(BaseException):
            importlib.import_module(name)
    if not sys.stdin.readline():
        return
    try:
        runpy.run_path(str(program), run_name="__main__")
    except Exception as error:
        _show(error, program)
        sys.exit(1)
    finally:
        imported = {
            name: getattr(module, "__file__", None)
            for name, module in sys.modules.copy().items()
            if name not in before and getattr(module, "__spec__", None)
        }
        # Whole or not at all, for its owner only.
        temporary = notes.with_name(f"{notes.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(imported, file)
        temporary.replace(notes)


def _show(error: Exception, program: Path) -> None:
    """Print the traceback as the program by itself would: from its own first line on."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != str(program):
        trace = trace.tb_next
    traceback.print_exception(error.with_traceback(trace))


def _noted(notes: Path) -> list[str]:
    return list(json.loads(notes.read_text())) if notes.exists() else []


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
