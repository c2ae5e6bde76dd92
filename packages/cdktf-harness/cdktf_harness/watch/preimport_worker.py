"""Import the modules of a program in advance, then run it: `python preimport_worker.py MODULES PROGRAM [ARGUMENT...]`.

The file MODULES lists the modules of the last run, in order; each run writes it. It leaves out those in the program's
folder, which are edited. The program itself starts when a line arrives on standard input, and never if that ends first.
The line is a list in JSON of the files that were changed, relative to the working directory. If a module may have read
one of them, the program does not start: the exit code is STALE.

The program's Python runs this file, which imports nothing from the harness.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

# Also if the module is the app's: one from elsewhere may have imported it.
STALE = os.EX_TEMPFAIL


def main(notes: Path, program: Path, arguments: list[str]) -> None:
    """Import the modules, wait, run the program, and record its modules."""
    sys.argv = [str(program), *arguments]
    folder = program.resolve().parent
    sys.path[0] = str(folder)
    before = set(sys.modules)
    for name in json.loads(notes.read_text()) if notes.exists() else ():
        # The program repeats the import and reports the error.
        with suppress(BaseException):
            importlib.import_module(name)
    root = Path.cwd()
    read = {top for module in sys.modules.copy().values() if (top := _top(root, module))}
    line = sys.stdin.readline()
    if not line:
        return
    if any(Path(file).parts[0] in read for file in json.loads(line)):
        sys.exit(STALE)
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        imported = [
            name
            for name, module in sys.modules.copy().items()
            if name not in before and getattr(module, "__spec__", None) and not _is_in(folder, name.partition(".")[0])
        ]
        # Atomically, readable by its owner only.
        temporary = notes.with_name(f"{notes.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(imported, file)
        temporary.replace(notes)


def _top(root: Path, module: ModuleType) -> str:
    """Return the name of the folder in `root` that contains the module, at any depth; "" if it is elsewhere."""
    file = Path(str(getattr(module, "__file__", None) or os.devnull)).resolve()
    return file.relative_to(root).parts[0] if file.is_relative_to(root) else ""


def _is_in(folder: Path, module: str) -> bool:
    return (folder / module).is_dir() or (folder / f"{module}.py").exists()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
