"""The tag of an image identifies its build context, and the copy contains exactly that context."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from docker_build_context import ContextError, copy_context, fingerprint, read_context


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A build context of one module and a Containerfile, with the module's cache left out of it."""
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Containerfile").write_text("FROM scratch\n")
    (folder / "app.py").write_text("answer = 42\n")
    (folder / ".dockerignore").write_text("# not built\n\n.dockerignore\n**/__pycache__\n*.md\n!keep.md\n")
    return folder


def tag(context: Path, **options: object) -> str:
    """The fingerprint of `context`."""
    return fingerprint(read_context(context, "Containerfile"), options)


def copy(context: Path) -> Path:
    """The copy that would be built, beside `context`."""
    copies = context.parent / "copies"
    return copies / copy_context(context, copies, dockerfile="Containerfile", options={})


@pytest.mark.parametrize(
    "change",
    [
        lambda context: (context / "app.py").write_text("answer = 43\n"),
        lambda context: (context / "app.py").rename(context / "main.py"),
        lambda context: (context / "app.py").chmod(0o755),
        lambda context: (context / "new.py").touch(),
        lambda context: (context / "empty").mkdir(),
        lambda context: (context / "link.py").symlink_to("app.py"),
        lambda context: (context / "keep.md").touch(),
        lambda context: (context / "README.MD").touch(),
        lambda context: (context / "Containerfile.dockerignore").write_text("app.py\n"),
    ],
    ids=["content", "name", "mode", "file", "folder", "link", "exception", "case of a pattern", "own ignore file"],
)
def test_a_change_in_the_context_changes_the_tag(context: Path, change: Callable[[Path], object]) -> None:
    """Of contents, names, the executable bit and links."""
    before = tag(context)
    change(context)
    assert tag(context) != before
    assert tag(copy(context)) == tag(context)


@pytest.mark.parametrize(
    "change",
    [
        lambda context: (context / "__pycache__").mkdir(),
        lambda context: (context / "notes.md").touch(),
        lambda context: (context / "app.py").chmod(0o664),
        lambda context: (context / "app.py").touch(),
        lambda context: (context / "notes.md").symlink_to("/etc/passwd"),
        lambda context: (context / ".dockerignore").write_text(".dockerignore\n*.md\n!keep.md\n"),
    ],
    ids=["ignored folder", "ignored file", "umask", "date", "ignored link", "words of the ignore file"],
)
def test_a_change_outside_the_context_keeps_the_tag(context: Path, change: Callable[[Path], object]) -> None:
    """Of ignored files, dates and the umask of a checkout."""
    (context / "app.py").chmod(0o644)
    before = tag(context)
    change(context)
    assert tag(context) == before


def test_an_edit_behind_a_link_changes_the_tag(context: Path) -> None:
    """Of a file that is reached through links to files and folders in the context."""
    (context / "real").mkdir()
    (context / "real" / "module.py").write_text("one")
    (context / "folder").symlink_to("real")
    (context / "link.py").symlink_to("./folder/../real/module.py")
    before = tag(context)
    (context / "real" / "module.py").write_text("two")
    assert tag(context) != before
    copied = copy(context)
    assert (copied / "link.py").is_symlink()
    assert (copied / "link.py").read_text() == "two"


def test_an_ignored_containerfile_changes_the_tag(context: Path) -> None:
    """The build reads it anyway, and the copy has it."""
    (context / ".dockerignore").write_text("*\n!app.py\n")
    before = tag(context)
    (context / "Containerfile").write_text("FROM other\n")
    assert tag(context) != before
    assert sorted(read_context(context, "Containerfile").entries) == ["app.py"]
    assert sorted(path.name for path in copy(context).iterdir()) == [".dockerignore", "Containerfile", "app.py"]


def test_the_options_of_the_build_count_and_its_place_does_not(context: Path, tmp_path: Path) -> None:
    """Another architecture is another image, which an immutable tag could not hold; another checkout is the same."""
    before = tag(context, platform="linux/arm64")
    assert tag(context, platform="linux/amd64") != before
    assert tag(context.rename(tmp_path / "other"), platform="linux/arm64") == before


def test_a_copy_has_exactly_the_context(context: Path) -> None:
    """With executable bits; only its owner can read it, whatever the modes of the files."""
    (context / "notes.md").write_text("not built")
    (context / "app.py").chmod(0o600)
    (context / "run").touch(0o700)
    copied = copy(context)
    assert {path.name: path.stat().st_mode & 0o777 for path in copied.iterdir()} == {
        ".dockerignore": 0o644,
        "Containerfile": 0o644,
        "app.py": 0o644,
        "run": 0o755,
    }
    assert copied.stat().st_mode & 0o777 == 0o700


def test_a_copy_is_made_once(context: Path) -> None:
    """An unchanged context is not copied again, a changed one replaces the copy, and ignored files are never copied."""
    with (context / "huge.md").open("w") as file:
        file.truncate(1 << 40)
    first = copy(context)
    written = first.stat(), (first / "app.py").stat()
    assert copy(context) == first
    assert (first.stat(), (first / "app.py").stat()) == written
    (context / "app.py").write_text("answer = 43\n")
    second = copy(context)
    assert (second / "app.py").read_text() == "answer = 43\n"
    assert list(second.parent.iterdir()) == [second]


def link(target: str) -> Callable[[Path], object]:
    """A change that makes the link `odd` to `target`."""
    return lambda context: (context / "odd").symlink_to(target)


def unix_socket(context: Path) -> None:
    """Make a socket `odd`."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(context / "odd"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (link("/etc/passwd"), "odd' is a link that leaves the build context: copy its target into"),
        (link("../outside"), "odd' is a link that leaves the build context: copy its target into"),
        (link("../context/app.py"), "odd' is a link that leaves the build context: copy its target into"),
        (link("nowhere"), "odd' is a link to a missing file, or to itself: fix it, or add it to "),
        (link("notes.md"), "odd' is a link to 'notes.md', which is ignored: do not ignore it, or"),
        (link("app.py/x"), "odd' is a link to a missing file, or to itself: fix it, or"),
        (link("odd"), "odd' is a link to a missing file, or to itself: fix it, or add it to .dockerignore"),
        (lambda context: os.mkfifo(context / "odd"), "odd' is a fifo, which an image cannot contain: remove it, or"),
        (unix_socket, "odd' is a socket, which an image cannot contain: remove it, or add it to .dockerignore"),
        (
            lambda context: (context / os.fsdecode(b"odd-\xff")).touch(),
            r"odd-\udcff' has a name that is not UTF-8: rename it, or add it to .dockerignore",
        ),
        # What the build reads.
        (shutil.rmtree, "context' is not a directory: fix the path of the build context"),
        (lambda context: (context / "Containerfile").unlink(), "Containerfile' does not exist, or is a broken link"),
        (lambda context: (context / ".dockerignore").write_text("a[\n"), ".dockerignore': 'a[' is not a pattern: fix"),
        (lambda context: (context / ".dockerignore").write_text("!\n"), ".dockerignore': '!' is not a pattern: fix"),
        (
            lambda context: (context / "Containerfile.dockerignore").symlink_to("/etc/passwd"),
            "Containerfile.dockerignore' is not a file in the build context: replace it by a file",
        ),
    ],
)
def test_what_cannot_be_built_is_refused(context: Path, change: Callable[[Path], object], says: str) -> None:
    """One line names the path and says what to do; to ignore a file that no image can hold works."""
    (context / "notes.md").touch()
    (context.parent / "outside").touch()
    before = tag(context)
    change(context)
    with pytest.raises(ContextError) as error:
        tag(context)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    if says.startswith("odd"):
        with (context / ".dockerignore").open("a") as file:
            file.write("odd*\n")
        assert tag(context) == before
