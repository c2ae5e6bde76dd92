"""The folder that all projects of a user share, and locks in it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from filelock import FileLock


def folder() -> Path:
    """Return the folder; create it if needed."""
    path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cdktf-harness"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def lock(name: str) -> FileLock:
    """Return the lock `name`, shared by all processes of this user."""
    return FileLock(folder() / f"{re.sub(r'[^a-z0-9.]+', '-', name)}.lock")
