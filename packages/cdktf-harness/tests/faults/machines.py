"""Machines of a test's own, on which the harness starts the engine: fixtures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from engine.programs import ALONE, python

from cdktf_harness.cloud.functions import network
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine

Alone = Callable[..., None]
_PROGRAM = """
import signal
from pathlib import Path, PosixPath
from faults import alone
alone.{function}({arguments})
"""


@pytest.fixture(scope="session")
def base(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of what the app's image is built on."""
    # Looked for now: on a bare machine the engine brought them.
    if not all(map(shutil.which, ("unshare", "dockerd"))):
        pytest.skip("needs unshare and dockerd")
    network.ensure_image(docker_engine, lambda line: None)
    name = bases.image(docker_engine.client, network.BASE, docker_engine.architecture)
    archive = tmp_path_factory.mktemp("base") / "base.tar"
    with archive.open("wb") as file:
        file.writelines(docker_engine.client.images.get(name).save(named=name))
    return archive


@pytest.fixture
def alone(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """Run a function of `faults.alone` on a machine without an engine."""

    def run(function: Callable[..., None], *arguments: object, seconds: float = 600) -> None:
        # With a path that is short enough for sockets in it.
        folder = tmp_path_factory.mktemp("alone")
        said = ", ".join(map(repr, (folder, base, *arguments)))
        python(_PROGRAM.format(function=function.__name__, arguments=said), *ALONE, seconds=seconds)

    return run
