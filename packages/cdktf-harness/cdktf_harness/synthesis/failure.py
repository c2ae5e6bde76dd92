"""The error of an app that does not synthesize."""

from __future__ import annotations

import re
import sys

from cdktf_harness.system.errors import CommandFailed

# An exception with a module has any name; Python's own have one of these endings.
_EXCEPTION = re.compile(
    r"(?:[A-Za-z_]\w*\.)+[A-Z]\w*(?:: |$)|[A-Z]\w*(?:Error|Exception|Group|Interrupt|Iteration)(?:: |$)"
)
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)")
_TRACEBACK = "Traceback (most recent call last):"


def app_failed(said: str, *, output: str, ended: str = "") -> CommandFailed:
    """Return the error of an app that printed `said`; `ended` describes an unusual end of its process.

    Its line is the last one, or the last one that names an exception with a message of several lines.
    """
    lines = said.strip().splitlines() or ["it printed nothing"]
    last, before = lines[-1], lines[:-1]
    traceback = max((number for number, line in enumerate(lines) if line == _TRACEBACK), default=len(lines))
    named = [line for line in lines[traceback:] if _EXCEPTION.match(line)]
    if named and named[-1] != last:
        last, before = named[-1], lines
    what = f"{last} ({ended})" if ended else last
    if lacks := _NO_MODULE.match(last):
        what += f", which is {_missing(lacks[1])}"
    return CommandFailed(f"the app does not synthesize: {what}", tail="\n".join(before), output=output)


def _missing(package: str) -> str:
    """Say what to do about a package that this environment lacks."""
    if package == "imports":
        return "missing: run `cdktf get`"
    return f"not installed here: pip install it into the environment of the harness, {sys.prefix}"
