"""Folders for sockets that only this user can reach."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SOMEWHERE_SHORT = Path("/tmp")


@contextmanager
def private_folder(place: Path | None = None) -> Iterator[Path]:
    """A new folder that only this user can enter, in `place` or else in a folder for temporary files.

    Skips a folder if its path is too long for a socket (about 100 bytes) or its file system has no sockets.
    Raises OSError if no folder is usable.
    """
    elsewhere = [Path(tempfile.gettempdir()), _SOMEWHERE_SHORT]
    for parent in [place, *elsewhere] if place else elsewhere:
        with tempfile.TemporaryDirectory(prefix="s-", dir=parent) as folder:
            if _fits(f"{folder}/socket"):
                yield Path(folder)
                return
    raise OSError(f"cannot create a socket in {tempfile.gettempdir()}: set TMPDIR to a folder with a shorter path")


def _fits(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.bind(path)
        except OSError:
            return False
    Path(path).unlink()
    return True
