"""A disk that is full, named: programs say it in many ways, and seldom which disk it is."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

_FULL = re.compile(r"no space left on\s+device|ENOSPC|disk quota exceeded|EDQUOT", re.I)
_PATH = re.compile(r"/[^\s:\"']+")
# Less than the smallest file that matters.
_FREE_BYTES = 1 << 20


def advice(text: str) -> str:
    """What to do after a failure whose `text` says that a disk is full, as the end of a line; else nothing."""
    if not _FULL.search(text):
        return ""
    full = next((folder for folder in _candidates(text) if _is_full(folder)), None) or _named(text)
    disk = f"the disk of {full} is full" if full else "a disk is full"
    return f": {disk}; free some space and run the command again, which goes on from there"


def _named(text: str) -> Path | None:
    """What is left of the folders of a file that could not be written: a program that fails tidies up."""
    lines = [line for line in text.splitlines() if _FULL.search(line)]
    parents = (parent for line in lines for path in _PATH.findall(line) for parent in Path(path).parents)
    return next((parent for parent in parents if parent.is_dir() and parent != Path("/")), None)


def _candidates(text: str) -> list[Path]:
    folders = [Path(path) if os.path.isdir(path) else Path(path).parent for path in _PATH.findall(text)]
    with suppress(OSError):
        # It writes a file there to see whether it can.
        folders.append(Path(os.environ.get("TMPDIR") or tempfile.gettempdir()))
    return [*folders, Path.cwd(), Path.home()]


def _is_full(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    # Some file systems have no number of files, and say 0 of 0.
    return disk.f_bavail * disk.f_frsize < _FREE_BYTES or (disk.f_files > 0 and disk.f_favail == 0)
