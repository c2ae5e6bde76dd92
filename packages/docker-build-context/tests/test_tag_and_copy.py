"""The tag and the copy of a build context stand for what a build sees."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from docker_build_context import ContextError, copy_context, fingerprint, read_context

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
