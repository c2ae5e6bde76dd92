"""Write files that other processes may read at the same time."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, content: bytes, mode: int) -> None:
    """Write `path` atomically, with `mode`; do nothing if it has this content and mode already.

    Raises OSError if it cannot be written.
    """
    if path.exists() and path.read_bytes() == content and path.stat().st_mode & 0o777 == mode:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    temporary.chmod(mode)
    temporary.replace(path)
