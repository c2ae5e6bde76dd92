"""The identity of a Docker build context."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path

from docker.utils.build import exclude_paths


def fingerprint(context: Path, *, dockerfile: str, options: Mapping[str, object]) -> str:
    """Hash what a build sees: names, modes and contents of the files in `context`, and its `options`.

    Files that `.dockerignore` leaves out do not count (the reference implementation decides which). Of the mode only
    the executable bit counts, which is all that git keeps. 64 bits in hex: short enough to read as a tag.
    CDKTF's own asset hash would not do: it ignores file names and modes.
    """
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    ignore = context / ".dockerignore"
    lines = [line.strip() for line in ignore.read_text().splitlines()] if ignore.exists() else []
    patterns = [line for line in lines if line and not line.startswith("#")]
    for name in sorted(exclude_paths(str(context), patterns, dockerfile=dockerfile)):
        path = context / name
        if path.is_symlink():
            entry = f"link {name}\0{path.readlink()}".encode()
        elif path.is_file():
            executable = bool(path.stat().st_mode & stat.S_IXUSR)
            entry = f"file {name}\0{executable}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
        else:
            entry = f"folder {name}".encode()
        digest.update(hashlib.sha256(entry).digest())
    return digest.hexdigest()[:16]
