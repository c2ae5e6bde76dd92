"""Import the modules of a program in advance, then run it: `python preimport_worker.py MODULES EDITED PROGRAM ...`.

The file MODULES lists the modules of the last run, in order; each run writes it. Files that begin with one of the JSON
list EDITED are not imported in advance, and neither is what imports them. The program itself starts when a line arrives
on standard input, and never if that ends first.

The program's Python runs this file, which imports nothing from the harness.
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


def main(notes: Path, edited: tuple[str, ...], program: Path, arguments: list[str]) -> None:
    """Import the modules, wait, run the program, and record its modules."""
    sys.argv = [str(program), *arguments]
    sys.path[0] = str(program.resolve().parent)
    before = set(sys.modules)
    for name, path in _noted(notes).items():
        if (path or "").startswith(edited):
            continue
        known = set(sys.modules)
        # The program repeats the import and reports the error.
        with suppress(BaseException):
            importlib.import_module(name)
        new = (getattr(sys.modules[other], "__file__", None) or "" for other in sys.modules.keys() - known)
        if edited and any(other.startswith(edited) for other in new):
            # Start again without this one, or without any if it has no file to be known by.
            without = json.dumps([*edited, path or ""])
            os.execv(sys.executable, [sys.executable, __file__, str(notes), without, str(program), *arguments])
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


def _noted(notes: Path) -> dict[str, str | None]:
    return dict(json.loads(notes.read_text())) if notes.exists() else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(json.loads(sys.argv[2])), Path(sys.argv[3]), sys.argv[4:])
