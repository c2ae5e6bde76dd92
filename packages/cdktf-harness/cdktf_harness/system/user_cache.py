"""The folder that all projects of a user share, and locks in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def folder() -> Path:
    """Return the folder; create it if needed."""
    path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cdktf-harness"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def lock(name: str, on_acquired: Callable[[int], None] | None = None) -> FileLock:
    """Return the lock `name`, shared by all processes of this user.

    `on_acquired` gets its descriptor, for a child process that must hold it too.
    """
    return FileLock(folder() / f"{re.sub(r'[^a-z0-9.]+', '-', name)}.lock", on_acquired=on_acquired)
