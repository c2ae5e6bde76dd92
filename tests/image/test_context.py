"""What a build receives: names, modes, contents and links of all kinds of files."""

from __future__ import annotations

import os
import stat
import tarfile
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from buildkit_client.build import Build, build
from cdktf_harness.docker.engine import Engine
from docker_build_context import read_context

IGNORE = "Containerfile\n.dockerignore\n**/*.md\n!docs/keep.md\n  build  \n!build/**/*.py\n\\!odd\n[x-z]*\n"
FILES = (
    *("Containerfile", ".dockerignore", "app.py", "README.md", "README.MD", "docs/keep.md", "docs/drop.md"),
    *("build/out.bin", "build/deep/er/keep.py", "!odd", "x", "w", "a b/é\n$#.py", "[x]", "🙂", "-", "src/a/b/c.py"),
)
LINKS = {"link": "app.py", "src/up": "../a b/é\n$#.py", "folder": "src/a", "src/x.md": "/etc/passwd"}

Seen = dict[str, tuple[str, bytes]]


def test_a_build_gets_what_the_tag_stands_for(docker_engine: Engine, tmp_path: Path) -> None:
    """Ignored files are missing. That the copy is equal is in the tests of docker-build-context."""
    folder = tmp_path / "folder"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
        (folder / name).chmod(0o755 if name.endswith(".py") else 0o644)
    for name, target in LINKS.items():
        (folder / name).symlink_to(target)
    (folder / "empty").mkdir()
    (folder / "Containerfile").write_text("FROM scratch\nCOPY . /seen/\n")
    (folder / ".dockerignore").write_text(IGNORE)
    expected = {
        name: entry(folder / name, status) for name, status in read_context(folder, "Containerfile").entries.items()
    }
    assert {"build/deep/er/keep.py", "docs/keep.md", "empty", "link", "README.MD"} < set(expected)
    assert not {"Containerfile", ".dockerignore", "README.md", "build/out.bin", "!odd", "x", "src/x.md"} & set(expected)
    assert built(docker_engine, folder) == expected


def entry(path: Path, status: os.stat_result) -> tuple[str, bytes]:
    """The kind, mode and content of what is in a folder."""
    mode = stat.filemode(status.st_mode)
    if path.is_symlink():
        return mode, os.fsencode(path.readlink())
    return mode, path.read_bytes() if path.is_file() else b""


def built(engine: Engine, context: Path) -> Seen:
    """What a build of `context` copied."""
    tag = f"ontra-test-{uuid.uuid4().hex}:context"
    build(engine.client.api, Build(context=context, dockerfile="Containerfile", tags=[tag]))
    container = engine.client.containers.create(tag, command="none")
    seen: Seen = {}
    try:
        with tempfile.TemporaryFile() as file:
            file.writelines(cast("Iterable[bytes]", container.export()))
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                for member in archive:
                    kind = stat.S_IFLNK if member.issym() else stat.S_IFDIR if member.isdir() else stat.S_IFREG
                    content = archive.extractfile(member) if member.isreg() else None
                    data = content.read() if content else os.fsencode(member.linkname)
                    seen[member.name] = stat.filemode(kind | member.mode), data
    finally:
        container.remove(force=True)
        engine.client.images.remove(tag, force=True)
    return {path.removeprefix("seen/"): value for path, value in seen.items() if path.startswith("seen/")}
