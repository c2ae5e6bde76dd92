"""The error of an app that does not synthesize."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.system.programs import TAIL_LINES

# An exception with a module has any name; Python's own have one of these endings.
_EXCEPTION = re.compile(
    r"(?:[A-Za-z_]\w*\.)+[A-Z]\w*(?:: |$)|[A-Z]\w*(?:Error|Exception|Group|Interrupt|Iteration)(?:: |$)"
)
_FRAME = re.compile(r'\s*File "(.+)", line (\d+)')
_ALSO_FAILED = "\nException ignored in: "
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)")
# The folders of packages, and the file of the harness that a constructor calls.
_OF_OTHERS = {"site-packages", "cdktf_harness_sources.py"}
_TRACEBACK = "Traceback (most recent call last):"


def app_failed(root: Path, output: str, ended: str = "") -> CommandFailed:
    """Return the error of the app in `root` that printed `output`; `ended` describes an unusual end of its process.

    Its line is the last one, or the last one that names an exception, with the app's line that raised it. A traceback
    is in `output` only; other lines, such as those of a longer message, are the tail.
    """
    lines = output.partition(_ALSO_FAILED)[0].strip("\n").splitlines() or ["it printed nothing"]
    # The one of a syntax error has no heading.
    traceback = [number for number, line in enumerate(lines) if line == _TRACEBACK or _FRAME.match(line)]
    named = [number for number, line in enumerate(lines) if _EXCEPTION.match(line) and traceback[-1:] < [number]]
    last = named[-1] if traceback and named else len(lines) - 1
    what = f"{lines[last]}{_place(lines, root)}" + (f" ({ended})" if ended else "")
    if lacks := _NO_MODULE.match(lines[last]):
        what += f", which is {_missing(lacks[1])}"
    others = [*lines[: min([last, *traceback])], *lines[last + 1 :]]
    return CommandFailed(f"the app does not synthesize: {what}", tail="\n".join(others[-TAIL_LINES:]), output=output)


def _place(lines: Sequence[str], root: Path) -> str:
    """Return the innermost line of a traceback that is of the app in `root`; empty if there is none."""
    frames = [(root / frame[1], frame[2]) for line in lines if (frame := _FRAME.match(line))]
    own = [frame for frame in frames if frame[0].is_relative_to(root) and not {*frame[0].parts} & _OF_OTHERS]
    return f" ({own[-1][0].relative_to(root)}, line {own[-1][1]})" if own else ""


def _missing(package: str) -> str:
    """Say what to do about a package that this environment lacks."""
    if package == "imports":
        return "missing: run `cdktf get`"
    return f"not installed here: pip install it into the environment of the harness, {sys.prefix}"
