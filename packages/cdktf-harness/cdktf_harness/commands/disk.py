"""Explain failures of a full disk: programs report it in many ways, and seldom name the disk."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

_FULL = re.compile(r"no space left on\s+device|ENOSPC|disk quota exceeded|EDQUOT", re.I)
_PATH = re.compile(r"/[^\s:\"']+")
# A disk with less free space counts as full.
_FREE_BYTES = 1 << 20


def advice(text: str) -> str:
    """Return what to do if `text` reports a full disk, as the end of a line; else an empty string."""
    if not _FULL.search(text):
        return ""
    full = next((folder for folder in _candidates(text) if _is_full(folder)), None) or _named(text)
    disk = f"the disk of {full} is full" if full else "a disk is full"
    return f": {disk}; free some space and run the command again, which continues from there"


def _named(text: str) -> Path | None:
    """Return the nearest existing parent folder of a file that could not be written: programs may remove others."""
    said = [(line[: full.start()], line[full.end() :]) for line in text.splitlines() if (full := _FULL.search(line))]
    # Before the words, a path may also be that of the program, which comes first.
    paths = (path for before, after in said for path in (*reversed(_PATH.findall(before)), *_PATH.findall(after)))
    parents = (parent for path in paths for parent in Path(path).parents)
    return next((parent for parent in parents if parent.is_dir() and parent != Path("/")), None)


def _candidates(text: str) -> list[Path]:
    folders = [Path(path) if os.path.isdir(path) else Path(path).parent for path in _PATH.findall(text)]
    with suppress(OSError):
        # `gettempdir` tests whether it can write a file there.
        folders.append(Path(os.environ.get("TMPDIR") or tempfile.gettempdir()))
    with suppress(HarnessError):
        folders.append(find().folder)
    return [*folders, Path.cwd(), Path.home()]


def _is_full(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    # Some file systems do not count files and report 0 of 0.
    return disk.f_bavail * disk.f_frsize < _FREE_BYTES or (disk.f_files > 0 and disk.f_favail == 0)
