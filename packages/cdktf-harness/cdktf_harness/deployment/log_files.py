"""The log files that an app's programs write beside the synthesized stacks."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.programs import TAIL_LINES

# The log of a build (`docker build --progress=plain`): each line has the number of its step, and the output of a step
# may have its time.
_FAILED_STEP = re.compile(r"^#(\d+) ERROR: (?:executor failed running|process )", re.M)


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
            lines = text.splitlines()[-TAIL_LINES:]
            if lines and path.stat().st_mtime >= started and lines[-1].strip() not in failure.output:
                tail += "\n".join(["", f"{path.name}:", *lines])
                reason = reason or _said(text)
        raise CommandFailed(f"{failure}{reason}", tail=tail, output=failure.output) from None


def _said(log: str) -> str:
    """Return `: ` and the last line that the failed step of a build printed; "" without such a step or line."""
    if not (failed := _FAILED_STEP.search(log)):
        return ""
    # The first one is the step itself.
    printed = re.findall(rf"^#{failed[1]} (?:\d+\.\d+ )?(.*\S)", log[: failed.start()], re.M)[1:]
    return f": {printed[-1]}" if printed else ""
