"""Import the modules of a Python program in advance, then run it: `python spare.py MODULES PROGRAM [ARGUMENT...]`.

The file MODULES names the modules that the last run imported, in their order; each run writes it. They are imported at
once. The program itself runs when a line arrives on standard input, and does not if that ends before.

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
    """Import, wait, run, and record what was imported."""
    sys.argv = [str(program), *arguments]
    sys.path[0] = str(program.resolve().parent)
    before = set(sys.modules)
    for name in _noted(notes):
        # The program imports it again, and reports the error.
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
        # Atomically, readable by its owner only.
        temporary = notes.with_name(f"{notes.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(imported, file)
        temporary.replace(notes)


def _show(error: Exception, program: Path) -> None:
    """Print the traceback without the frames of this file."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != str(program):
        trace = trace.tb_next
    traceback.print_exception(error.with_traceback(trace))


def _noted(notes: Path) -> list[str]:
    return list(json.loads(notes.read_text())) if notes.exists() else []


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
