"""Builds with the engine's API: concurrent builds, large contexts, errors and output."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from buildkit_client import buildkit_pb2 as pb
from buildkit_client.build import Build, build
from buildkit_client.engine import Engine
from buildkit_client.progress import TRACE, Progress


@pytest.fixture(scope="session")
def engine(docker_engine: Engine) -> Any:
    """The engine's API."""
    return docker_engine.client.api


@pytest.fixture
def name(engine: Any) -> Iterator[str]:
    """The beginning of the names of images, which are removed afterwards."""
    name = f"cdktf-harness-test:{uuid.uuid4().hex}"
    yield name
    for image in engine.images(filters={"reference": f"{name}*"}):
        engine.remove_image(image["Id"], force=True)


def test_builds_at_the_same_time(engine: Any, name: str, tmp_path: Path) -> None:
    """Each of several concurrent builds gets its own context."""
    names = [f"{name}-{number}" for number in range(4)]

    def make(name: str) -> str:
        context = tmp_path / name.replace(":", "-")
        context.mkdir()
        (context / "Dockerfile").write_text(f'FROM scratch\nLABEL name="{name}"\nCOPY file /\n')
        (context / "file").write_text(name)
        build(engine, Build(context=context, tags=[name]))
        return str(engine.inspect_image(name)["Config"]["Labels"]["name"])

    with ThreadPoolExecutor(len(names)) as threads:
        assert list(threads.map(make, names)) == names


def test_the_folder_for_temporary_files_may_have_a_long_path(
    engine: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a socket's path can be."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    (long := tmp_path / ("x" * 100)).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    build(engine, Build(context=tmp_path, tags=[name]))
    assert engine.inspect_image(name)["RootFS"]["Layers"]
    assert list(long.iterdir()) == []


def test_layers_do_not_depend_on_time_and_owner(engine: Any, name: str, tmp_path: Path) -> None:
    """Equal names, modes and contents make equal layers."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY file /\n")
    (tmp_path / "file").write_text("content")
    layers = []
    for seconds in (0, 1_000_000_000):
        os.utime(tmp_path / "file", (seconds, seconds))
        build(engine, Build(context=tmp_path, tags=[tag := f"{name}-{seconds}"], no_cache=True))
        layers.append(engine.inspect_image(tag)["RootFS"]["Layers"])
    assert layers[0] == layers[1]


def test_many_files(engine: Any, name: str, tmp_path: Path) -> None:
    """More data than the buffers of the connection; one file is larger than a message."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    for number in range(3000):
        (tmp_path / f"a-file-with-quite-a-long-name-{number}").write_text("x")
    (tmp_path / "large").write_bytes(os.urandom(9_000_000))
    build(engine, Build(context=tmp_path, tags=[name]))
    assert engine.inspect_image(name)["Size"] > 9_000_000


def test_output_of_the_failing_step() -> None:
    """Each step is logged once with its output; `tail` is the end of the failing step's output."""
    lines: list[str] = []
    progress = Progress(lines.append)
    started, completed = pb.Time(seconds=1), pb.Time(seconds=2)
    steps = [
        pb.Vertex(digest="a", name="[1/2] COPY", started=started, completed=completed),
        pb.Vertex(digest="b", name="[2/2] RUN", started=started),
    ]
    failed = pb.Vertex(digest="b", name="[2/2] RUN", started=started, completed=completed, error="exit code: 3")
    for status in (
        pb.StatusResponse(vertexes=steps, logs=[pb.VertexLog(vertex="a", msg=b"copied\n")]),
        pb.StatusResponse(vertexes=steps, logs=[pb.VertexLog(vertex="b", msg=b"tick\nboom\n")]),
        pb.StatusResponse(vertexes=[failed]),
    ):
        progress.message({"id": TRACE, "aux": base64.b64encode(status.SerializeToString()).decode()})
    assert lines == [
        "#1 [1/2] COPY",
        "#1 DONE",
        "#2 [2/2] RUN",
        "#1 copied",
        "#2 tick",
        "#2 boom",
        "#2 ERROR: exit code: 3",
    ]
    assert progress.tail("failed to solve: exit code: 3") == "tick\nboom"
    # A step that ran at the same time is cancelled.
    other = pb.Vertex(digest="a", name="[1/2] COPY", error="exit code: 137: context canceled")
    aux = base64.b64encode(pb.StatusResponse(vertexes=[other]).SerializeToString()).decode()
    progress.message({"id": TRACE, "aux": aux})
    assert progress.tail("failed to solve: exit code: 3") == "tick\nboom"
