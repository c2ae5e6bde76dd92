"""Fingerprints and copies of Docker build contexts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from docker_build_context.context_files import Context, ContextError, read_context

_TRIES = 3


def copy_context(folder: Path, copies: Path, *, dockerfile: str, options: Mapping[str, object]) -> str:
    """Copy the build context `folder` to `copies`/TAG and return the tag, which is the context's fingerprint.

    Keep an existing copy of the same tag; delete others.

    Raises ContextError if the context cannot be read, or changes while it is copied.
    """
    try:
        for _ in range(_TRIES):
            context = read_context(folder, dockerfile)
            tag = fingerprint(context, options)
            if not (copies / tag).exists():
                _copy(context, copies, tag, options)
            if (copies / tag).exists():
                for old in copies.iterdir():
                    if old.name != tag:
                        shutil.rmtree(old)
                return tag
    except OSError as error:
        raise ContextError(f"{str(error.filename or copies)!r}: {error.strerror or error}") from None
    raise ContextError(f"{str(folder)!r} changes while it is copied: stop what writes to it and run this again")


def fingerprint(context: Context, options: Mapping[str, object]) -> str:
    """Hash the inputs of a build: names, modes and contents of a context's files, and the build's `options`.

    Only the executable bit of the mode is included, as in git. 64 bits in hex, short enough for a tag.

    Raises OSError if a file cannot be read.
    """
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    digest.update(_content(context.folder / context.dockerfile))
    for name, status in context.entries.items():
        path = context.folder / name
        if stat.S_ISLNK(status.st_mode):
            entry = f"link {name}\0".encode() + os.fsencode(path.readlink())
        elif stat.S_ISDIR(status.st_mode):
            entry = f"folder {name}".encode()
        else:
            entry = f"file {name}\0{_executable(status)}\0".encode() + _content(path)
        digest.update(hashlib.sha256(entry).digest())
    return digest.hexdigest()[:16]


def _copy(context: Context, copies: Path, tag: str, options: Mapping[str, object]) -> None:
    """Create the copy `tag`, unless files change in the meantime; of modes, only the executable bit is copied."""
    copies.mkdir(parents=True, exist_ok=True)
    # Readable by its owner only, whatever the modes of the files.
    with tempfile.TemporaryDirectory(dir=copies, ignore_cleanup_errors=True) as temporary:
        copy = Path(temporary)
        for name, status in context.entries.items():
            source, target = context.folder / name, copy / name
            if stat.S_ISLNK(status.st_mode):
                target.symlink_to(source.readlink())
            elif stat.S_ISDIR(status.st_mode):
                target.mkdir()
                target.chmod(0o755)
            else:
                shutil.copyfile(source, target)
                target.chmod(0o755 if _executable(status) else 0o644)
        for name in context.aside:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(context.folder / name, copy / name)
        if fingerprint(read_context(copy, context.dockerfile), options) == tag:
            copy.rename(copies / tag)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _executable(status: os.stat_result) -> bool:
    return bool(status.st_mode & stat.S_IXUSR)
