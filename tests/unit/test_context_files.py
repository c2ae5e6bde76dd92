"""What of a folder a build sees is what BuildKit's own client sends, and the same for tag, copy and harness."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdktf_harness.docker import context_files as harness
from stacks.constructs import context_files
from stacks.constructs.build_context import copy_context, fingerprint
from stacks.constructs.context_files import ContextError, read_context

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
    """A folder with the files NAMES; one that ends with a slash is a folder."""
    folder = tmp_path_factory.mktemp("context")
    for name in (*NAMES, "Dockerfile"):
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.touch()
    return folder


@pytest.mark.parametrize("ignore", LEFT_OUT)
def test_ignore_files_mean_what_they_mean_to_buildkit(folder: Path, ignore: str) -> None:
    """The same files are left out."""
    (folder / ".dockerignore").write_text(ignore, newline="")
    seen = read_context(folder, "Dockerfile").entries
    assert [name for name in NAMES if name.rstrip("/") not in seen] == LEFT_OUT[ignore].split()


def test_the_harness_reads_by_the_same_rules() -> None:
    """Neither imports the other, so both have the file; a change of one is a change of both."""
    ours, theirs = (Path(str(module.__file__)) for module in (context_files, harness))
    assert ours.read_text() == theirs.read_text()


# Folders by name, files by their mode, links by their target.
Tree = Mapping[str, "Tree | int | str"]
PARTS = st.sampled_from(["a", "b", "a.py", "A", "x y", "é", "[a]", "$a", "#a", "!a", "a\nb", "-"])
LEAVES = st.sampled_from([0o644, 0o755, "a", "../a", "b/../a.py", "./x y"])
TREES = st.dictionaries(
    PARTS, st.recursive(LEAVES, lambda below: st.dictionaries(PARTS, below, max_size=3), max_leaves=5), max_size=5
)
GLOBS = st.lists(st.one_of(PARTS, st.sampled_from(["*", "**", "?", "*.py", "[^a]"])), min_size=1, max_size=3)
LINES = st.tuples(st.sampled_from(["", "", "!", " "]), GLOBS.map("/".join)).map("".join)


def grow(folder: Path, tree: Tree) -> None:
    """Make the folder of a tree."""
    folder.mkdir()
    for name, node in tree.items():
        path = folder / name
        if isinstance(node, int):
            path.write_text("one")
            path.chmod(node)
        elif isinstance(node, str):
            path.symlink_to(node)
        else:
            grow(path, node)


@settings(max_examples=100, deadline=None)
@given(tree=TREES, ignore=st.lists(LINES, max_size=4).map("\n".join))
def test_tag_and_copy_agree(tree: Tree, ignore: str) -> None:
    """The copy is read as its source is; a change of what is seen is another tag, a change of anything else is not."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, copies = Path(temporary, "folder"), Path(temporary, "copies")
        grow(folder, {**tree, "Dockerfile": 0o644})
        (folder / ".dockerignore").write_text(ignore)
        try:
            context = read_context(folder, "Dockerfile")
        except ContextError:
            for path in folder.rglob("*"):
                if path.is_symlink():
                    path.unlink()
            context = read_context(folder, "Dockerfile")
        tag = copy_context(folder, copies, dockerfile="Dockerfile", options={})
        copied = read_context(copies / tag, "Dockerfile")
        assert list(copied.entries) == list(context.entries)
        assert fingerprint(copied, {}) == tag
        there = {str(path.relative_to(copies / tag)) for path in (copies / tag).rglob("*")}
        assert there == {*context.entries, *context.aside}
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.name != ".dockerignore":
                seen = str(path.relative_to(folder)) in (*context.entries, "Dockerfile")
                path.write_text("two")
                assert (fingerprint(read_context(folder, "Dockerfile"), {}) != tag) == seen
                path.write_text("one")
