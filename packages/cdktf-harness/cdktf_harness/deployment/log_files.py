"""The log files that an app's programs write beside the synthesized stacks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.programs import TAIL_LINES


@contextmanager
def logs_shown(folder: Path, pattern: str) -> Iterator[None]:
    """Add to a failure the last lines of the log files that were written meanwhile; no pattern: none."""
    started = time.time()
    try:
        yield
    except CommandFailed as failure:
        for path in sorted(folder.glob(pattern)) if pattern else []:
            lines = path.read_text(errors="replace").strip().splitlines()[-TAIL_LINES:]
            if lines and path.stat().st_mtime >= started and lines[-1].strip() not in failure.output:
                failure.tail += "\n".join(["", f"{path.name}:", *lines])
        raise
