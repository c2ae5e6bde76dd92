"""`read_context` lists the files that BuildKit's client sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from docker_build_context import read_context

NAMES = [
    *("!odd", "README.md", "a+b.txt", "app.py", "docs/README.md", "docs/api/a.py", "docs/api/b.md"),
    *("empty/", "src/[a].py", "src/lib/app.py"),
]
# By ignore file, recorded from github.com/tonistiigi/fsutil (2026-11) with github.com/moby/patternmatcher 0.6.1.
LEFT_OUT = {
    "*\n!app.py": "!odd README.md a+b.txt docs/README.md docs/api/a.py docs/api/b.md empty/ src/[a].py src/lib/app.py",
    "*.md": "README.md",
    "**/*.md": "README.md docs/README.md docs/api/b.md",
    "**.md": "README.md docs/README.md docs/api/b.md",
    "**/app.py": "app.py src/lib/app.py",
    "docs": "docs/README.md docs/api/a.py docs/api/b.md",
    "docs/": "docs/README.md docs/api/a.py docs/api/b.md",
    "/docs": "docs/README.md docs/api/a.py docs/api/b.md",
    "./docs/../docs": "docs/README.md docs/api/a.py docs/api/b.md",
    "docs/*": "docs/README.md docs/api/a.py docs/api/b.md",
    "docs/**": "docs/README.md docs/api/a.py docs/api/b.md",
    "**": "!odd README.md a+b.txt app.py docs/README.md docs/api/a.py docs/api/b.md empty/ src/[a].py src/lib/app.py",
    "**/api": "docs/api/a.py docs/api/b.md",
    "*/api": "docs/api/a.py docs/api/b.md",
    "docs/**/b.md": "docs/api/b.md",
    "src**": "src/[a].py src/lib/app.py",
    "docs\n!docs/api/a.py": "docs/README.md docs/api/b.md",
    "docs\n!**/a.py": "docs/README.md docs/api/b.md",
    "*\n!docs\ndocs/api": "!odd README.md a+b.txt app.py docs/api/a.py docs/api/b.md empty/ src/[a].py src/lib/app.py",
    "*\n!docs/api/*.py": "!odd README.md a+b.txt app.py docs/README.md docs/api/b.md empty/ src/[a].py src/lib/app.py",
    "*\n!*\n*.md": "README.md",
    "!app.py\n*.py": "app.py",
    "readme.md": "",
    "README.m?": "README.md",
    "[a-c]*": "a+b.txt app.py",
    "[^a]*": "!odd README.md docs/README.md docs/api/a.py docs/api/b.md empty/ src/[a].py src/lib/app.py",
    "\\!odd": "!odd",
    "!odd": "",
    "a+b.txt": "a+b.txt",
    "src/\\[a\\].py": "src/[a].py",
    "src/[a].py": "",
    " # a pattern\n  docs  \n#src": "docs/README.md docs/api/a.py docs/api/b.md",
    "\ufeffdocs": "docs/README.md docs/api/a.py docs/api/b.md",
    "docs\r\nsrc\r\n": "docs/README.md docs/api/a.py docs/api/b.md src/[a].py src/lib/app.py",
    "empty": "empty/",
    "*\n!*/api": "!odd README.md a+b.txt app.py docs/README.md empty/ src/[a].py src/lib/app.py",
    "..\n.\n/": "",
    "docs\n! docs/api\ndocs/api/b.md": "docs/README.md docs/api/b.md",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files NAMES; a name that ends with a slash is a folder."""
    folder = tmp_path_factory.mktemp("context")
    for name in (*NAMES, "Dockerfile"):
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()
    return folder


@pytest.mark.parametrize("ignore", LEFT_OUT)
def test_ignore_files_exclude_what_buildkit_excludes(folder: Path, ignore: str) -> None:
    """Exactly the recorded files are missing."""
    (folder / ".dockerignore").write_text(ignore, newline="")
    seen = read_context(folder, "Dockerfile").entries
    assert [name for name in NAMES if name.rstrip("/") not in seen] == LEFT_OUT[ignore].split()
