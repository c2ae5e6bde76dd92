"""The image of both targets, built once a run for the architecture that ships, and removed afterwards."""

from __future__ import annotations

import tarfile
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from docker import DockerClient

from buildkit_client.build import Build, build
from cdktf_harness.docker.bases import ensure_bases
from cdktf_harness.docker.emulation import ensure_platform
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import find
from cdktf_lambda_api.image import SOURCE_DATE_EPOCH
from checkout import PROJECT
from image.containers import ARCHITECTURE, PLATFORM


@pytest.fixture(scope="session")
def client(docker_engine: Engine) -> DockerClient:
    """The engine's API, of an engine that can run the architecture that ships."""
    ensure_platform(docker_engine, ARCHITECTURE)
    return docker_engine.client


@pytest.fixture(scope="session")
def build_target(docker_engine: Engine, client: DockerClient) -> Iterator[Callable[..., str]]:
    """Builds a target of the Containerfile, of this project or a copy of its folder, and returns the image's tag."""
    bases = ensure_bases(docker_engine, ARCHITECTURE, find(PROJECT).bases)
    run = f"ontra-test-{uuid.uuid4().hex[:12]}"
    tags: list[str] = []

    def build_one(target: str, context: Path = PROJECT / "lambda_image", *, no_cache: bool = False) -> str:
        tags.append(tag := f"{run}:{target}-{len(tags)}")
        lines: list[str] = []
        what = Build(
            context=context,
            dockerfile="Containerfile",
            tags=[tag],
            target=target,
            platform=PLATFORM,
            build_args={"SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH, **bases},
            no_cache=no_cache,
        )
        try:
            build(client.api, what, lines.append)
        except Exception:
            print(*lines[-40:], sep="\n")
            raise
        return tag

    yield build_one
    for tag in tags:
        client.images.remove(tag, force=True)


@pytest.fixture(scope="session")
def function_image(build_target: Callable[..., str]) -> str:
    """The image that ships."""
    return build_target("function")


@pytest.fixture(scope="session")
def emulated_image(build_target: Callable[..., str]) -> str:
    """The image that a laptop runs."""
    return build_target("emulated")


@pytest.fixture(scope="session")
def files(client: DockerClient, function_image: str) -> Iterator[tarfile.TarFile]:
    """The file system of the image that ships."""
    container = client.containers.create(function_image, platform=PLATFORM)
    try:
        with tempfile.TemporaryFile() as file:
            file.writelines(cast("Iterator[bytes]", container.export()))
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                yield archive
    finally:
        container.remove(force=True)
