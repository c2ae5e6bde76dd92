"""hashicorp/archive: the same archive for the same files, whenever it is made.

Its bytes and checksums differ from the real provider's, which compresses with Go's library.
"""

from __future__ import annotations

import io
import os
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..protocol.base import DataSource
from ..protocol.values import Values
from . import InState, Utility, digests

_WHEN = (2049, 1, 1, 0, 0, 0)
_MODE = 0o644
_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _archived(values: Values) -> Values:
    """Write the archive; its checksums and size."""
    mode = int(values["output_file_mode"], 8) if values["output_file_mode"] else None
    files = sorted((name, content, found if mode is None else mode) for name, content, found in _files(values))
    if not files:
        raise ValueError("error creating archive: archive has not been created as it would be empty")
    output, archive = Path(values["output_path"]), io.BytesIO()
    {"zip": _zip, "tar.gz": _tar}[values["type"]](archive, files)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(archive.getvalue())
    return {**digests(archive.getvalue(), "output", "sha"), "output_size": len(archive.getvalue())}


def _zip(archive: io.BytesIO, files: list[tuple[str, bytes, int]]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, mode << 16
            package.writestr(entry, content)


def _tar(archive: io.BytesIO, files: list[tuple[str, bytes, int]]) -> None:
    import gzip

    with gzip.GzipFile("", "wb", fileobj=archive, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as package:
        for name, content, mode in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            package.addfile(entry, io.BytesIO(content))


def _files(values: Values) -> Iterator[tuple[str, bytes, int]]:
    """The name, content and mode of each file."""
    for block in values["source"] or ():
        yield block["filename"], block["content"].encode(), _MODE
    if values["source_content_filename"]:
        yield values["source_content_filename"], (values["source_content"] or "").encode(), _MODE
    if values["source_file"]:
        path = Path(values["source_file"])
        if not path.is_file():
            raise FileNotFoundError(f"could not archive missing file: {path}")
        yield path.name, path.read_bytes(), path.stat().st_mode & 0o777
    if values["source_dir"]:
        yield from _in_folder(Path(values["source_dir"]), values)


def _in_folder(folder: Path, values: Values) -> Iterator[tuple[str, bytes, int]]:
    if not folder.is_dir():
        raise FileNotFoundError(f"could not archive missing directory: {folder}")
    excludes = [re.compile(f"{_expression(pattern)}(?:/.*)?") for pattern in values["excludes"] or ()]
    for parent, _, names in os.walk(folder, followlinks=not values["exclude_symlink_directories"]):
        for path in (Path(parent, name) for name in names):
            name = path.relative_to(folder).as_posix()
            if not any(pattern.fullmatch(name) for pattern in excludes):
                yield name, path.read_bytes(), path.stat().st_mode & 0o777


def _expression(pattern: str) -> str:
    tokens = re.split(r"(\*\*/|\*\*|\*|\?)", os.path.normpath(pattern))
    return "".join(_WILDCARDS.get(token) or re.escape(token) for token in tokens)


class ArchiveData(DataSource[None]):
    type_name = "archive_file"

    def read(self, context: None, config: Values) -> Values:
        return _archived(config)


class Archive(InState):
    type_name = "archive_file"

    def create(self, context: None, planned: Values) -> Values:
        return _archived(planned)


PROVIDER = Utility("archive", ArchiveData, Archive)
