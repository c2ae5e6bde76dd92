"""A Docker build context: its identity, and the copy of it that is built."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from docker_build_context import Context, ContextError, read_context

_TRIES = 3


def copy_context(folder: Path, copies: Path, *, dockerfile: str, options: Mapping[str, object]) -> str:
    """Copy what a build sees of `folder` to `copies`/TAG, and return the tag, the copy's fingerprint.

    A copy that is there already is the same and stays as it is; older ones go. Raises ContextError.
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
    raise ContextError(f"{str(folder)!r} changes while it is copied: run this again when nothing writes to it")


def fingerprint(context: Context, options: Mapping[str, object]) -> str:
    """Hash what a build sees: names, modes and contents of a context's files, and the build's `options`.

    Of the mode only the executable bit counts, which is all that git keeps. 64 bits in hex: short enough to read as a
    tag. Raises OSError for what cannot be read.
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
    """Make the copy `tag`, unless the files change meanwhile; with the modes that the fingerprint tells apart."""
    copies.mkdir(parents=True, exist_ok=True)
    # Only for its owner, whatever a file's mode was.
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
