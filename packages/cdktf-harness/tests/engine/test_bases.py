"""Base images made from Debian's packages stand in for the public ones."""

from __future__ import annotations

import io
import socket
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker.errors import ImageNotFound

from cdktf_harness.docker import packages
from cdktf_harness.docker.bases import ensure_bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.recipes import RECIPES, Recipe
from cdktf_harness.system.errors import HarnessError

from .programs import python

OTHER = {"amd64": "arm64", "arm64": "amd64"}
needs_apt = pytest.mark.skipif(bool(packages.missing()), reason="needs apt and Debian's keys")


@pytest.fixture(scope="module")
def recipe(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a small image that stands for an unpublished one."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    small = Recipe(
        stands_for=f"registry.invalid/{name}:1",
        packages=("ca-certificates", "media-types"),
        omits=("etc/mime.types",),
        files={"etc/greeting": "hello\n"},
        links={"etc/welcome": "greeting"},
        folders={"home/nonroot": 65532},
        environment={"LANG": "C.UTF-8"},
        user="65532",
        working_folder="/home/nonroot",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECIPES, name, small)
        # The lock of each image is a file there.
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield name
    # Not `images.list`, which fails if an image is removed at the same time.
    images: list[dict[str, Any]] = engine.client.api.images()
    for tag in (tag for image in images for tag in image["RepoTags"] or () if name in tag):
        engine.client.images.remove(tag, force=True)


@needs_apt
def test_an_image_that_cannot_be_pulled_is_built(engine: Engine, recipe: str) -> None:
    """It has the requested architecture, the packages and additions, and no data of this machine."""
    architecture = OTHER[engine.architecture]
    arguments = ensure_bases(engine, architecture, {"BASE": recipe})
    assert list(arguments) == ["BASE"]
    image = engine.client.images.get(arguments["BASE"])
    assert image.attrs["Architecture"] == architecture
    assert image.attrs["Config"]["User"] == "65532"
    assert image.attrs["Config"]["WorkingDir"] == "/home/nonroot"
    assert image.attrs["Config"]["Env"] == ["LANG=C.UTF-8"]
    container = engine.client.containers.create(image, command=["none"], platform=f"linux/{architecture}")
    try:
        with tarfile.open(fileobj=io.BytesIO(b"".join(container.export()))) as files:  # type: ignore[arg-type]
            names = set(files.getnames())
            greeting = files.extractfile("etc/greeting")
            assert greeting
            assert greeting.read() == b"hello\n"
            assert files.getmember("etc/welcome").linkname == "greeting"
            assert files.getmember("home/nonroot").uid == 65532
            assert files.getmember("usr/share/doc/media-types/copyright").mtime == 0
            bundle = files.extractfile("etc/ssl/certs/ca-certificates.crt")
            assert bundle
            assert bundle.read().count(b"BEGIN CERTIFICATE") > 100
    finally:
        container.remove(force=True)
    assert "usr/share/doc/media-types/copyright" in names
    assert not names & {"etc/mime.types", "usr/share/man", "var/lib/apt", "usr/share/doc/media-types/changelog.gz"}


@needs_apt
def test_an_image_is_made_again_when_its_recipe_changes(
    engine: Engine, recipe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before. The tag stays, since deployments have it in their state; the old image is removed.

    A public image in the engine is taken in its place with any network, and by its tag: the default may be a digest.
    """
    architecture, bases = OTHER[engine.architecture], {"BASE": recipe}
    first = ensure_bases(engine, architecture, bases)
    progress: list[str] = []
    assert ensure_bases(engine, architecture, bases, progress.append) == first
    assert progress == []
    before, public = engine.client.images.get(first["BASE"]), RECIPES[recipe].stands_for
    before.tag(public)
    try:
        assert ensure_bases(engine, architecture, bases) == {"BASE": public}
    finally:
        engine.client.images.remove(public)
    monkeypatch.setitem(RECIPES, recipe, Recipe(stands_for=public, packages=("media-types",)))
    assert ensure_bases(engine, architecture, bases) == first
    assert engine.client.images.get(first["BASE"]).id != before.id
    with pytest.raises(ImageNotFound):
        engine.client.images.get(str(before.id))


def test_missing_programs_of_a_build_are_named(
    engine: Engine, recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without apt; root is not needed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HarnessError) as caught:
        ensure_bases(engine, engine.architecture, {"BASE": recipe})
    assert str(caught.value) == (
        f"{RECIPES[recipe].stands_for} cannot be pulled, nor an equivalent image be built from Debian's packages: "
        "connect to the registry, or install apt-get and dpkg-deb"
    )


def test_an_unknown_base_is_refused_before_a_build(engine: Engine) -> None:
    """The message names the known ones."""
    with pytest.raises(HarnessError, match=r"^base image 'perl' is unknown: use one of .*python-distroless"):
        ensure_bases(engine, engine.architecture, {"BUILD_BASE": "python-build", "BASE": "perl"})
    with pytest.raises(ImageNotFound):
        engine.client.images.get("cdktf-harness/perl")


def test_a_silent_registry_counts_as_unreachable() -> None:
    """If packets are dropped, a time-out ends the attempt; a closed port fails at once."""
    program = "from cdktf_harness.docker.bases import registry_answers; print(registry_answers({!r}, timeout={}))"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert python(program.format("{}:{}".format(*silent.getsockname()), 0.3)) == "False"
    # Bound, so that no other program listens there; the time is longer than the program may take.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert python(program.format("{}:{}".format(*closed.getsockname()), 3600)) == "False"
