"""The tag of an image names exactly what a build sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stacks.constructs.build_context import fingerprint


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A build context of one module and a Containerfile, with the module's cache left out of it."""
    (tmp_path / "Containerfile").write_text("FROM scratch\n")
    (tmp_path / "app.py").write_text("answer = 42\n")
    (tmp_path / ".dockerignore").write_text("# not built\n\n**/__pycache__\n*.md\n!keep.md\n")
    return tmp_path


def tag(context: Path, **options: object) -> str:
    """The fingerprint of `context`."""
    return fingerprint(context, dockerfile="Containerfile", options=options)


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
    ],
    ids=["content", "name", "mode", "file", "folder", "link", "exception of .dockerignore"],
)
def test_a_change_of_what_the_build_sees_changes_the_tag(context: Path, change: Callable[[Path], object]) -> None:
    """Contents, names, the executable bit and links all count."""
    before = tag(context)
    change(context)
    assert tag(context) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda context: (context / "__pycache__").mkdir(),
        lambda context: (context / "notes.md").touch(),
        lambda context: (context / "app.py").chmod(0o664),
        lambda context: (context / "app.py").touch(),
    ],
    ids=["ignored folder", "ignored file", "umask", "date"],
)
def test_a_change_of_what_the_build_does_not_see_keeps_the_tag(context: Path, change: Callable[[Path], object]) -> None:
    """What .dockerignore leaves out, dates and the umask of a checkout do not count."""
    (context / "app.py").chmod(0o644)
    before = tag(context)
    change(context)
    assert tag(context) == before


def test_the_options_of_the_build_are_part_of_the_tag(context: Path) -> None:
    """Another architecture is another image, which an immutable tag could not hold."""
    assert tag(context, platform="linux/arm64") != tag(context, platform="linux/amd64")


def test_the_place_of_the_checkout_does_not_count(context: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A checkout in another folder has the same tag."""
    other = tmp_path_factory.mktemp("other") / "checkout"
    context.rename(other)
    other_tag = tag(other)
    other.rename(context)
    assert other_tag == tag(context)
