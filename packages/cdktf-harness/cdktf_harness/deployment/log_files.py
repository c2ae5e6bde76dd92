"""The log files that an app's programs write beside the synthesized stacks."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.programs import TAIL_LINES

# The log of a build (`docker build --progress=plain`): each line has the number of its step, and the output of a step
# may have its time.
_FAILED_STEP = re.compile(r"^#(\d+) ERROR: (?:executor failed running|process )", re.M)
# Python's line before the lines of source code that an error is about.
_PYTHON_FILE = re.compile(r'\s*File "(.+)", line (\d+)')
_SOURCE_LINES = 3


@contextmanager
def logs_shown(folder: Path, pattern: str) -> Iterator[None]:
    """Add to a failure the last lines of the log files that were written meanwhile; no pattern: none.

    Its one line gets what the failed step of a build printed last.
    """
    started = time.time()
    try:
        yield
    except CommandFailed as failure:
        tail, reason = failure.tail, ""
        for path in sorted(folder.glob(pattern)) if pattern else []:
            text = path.read_text(errors="replace").strip()
            if not text or path.stat().st_mtime < started:
                continue
            lines = text.splitlines()[-TAIL_LINES:]
            printed = _failed_step(text)
            reason = reason or step_error(printed)
            # The bundled provider has the output of the step in its error, too.
            if (printed or lines)[-1].strip() not in failure.output:
                tail += "\n".join(["", f"{path.name}:", *lines])
        raise CommandFailed(f"{failure}{reason}", tail=tail, output=failure.output) from None


def _failed_step(log: str) -> list[str]:
    """Return what the failed step of a build printed; empty if no step failed."""
    if not (failed := _FAILED_STEP.search(log)):
        return []
    # The first line is the step itself.
    return re.findall(rf"^#{failed[1]} (?:\d+\.\d+ )?(.*\S)", log[: failed.start()], re.M)[1:]


def step_error(printed: Sequence[str]) -> str:
    """Return `: ` and the last line of what a step printed, with the file and line that Python names; "" if none."""
    if not printed:
        return ""
    files = [found for line in printed[-_SOURCE_LINES - 1 :] if (found := _PYTHON_FILE.match(line))]
    return f": {printed[-1].strip()}" + (f" ({files[-1][1]}, line {files[-1][2]})" if files else "")
