"""Real Terraform, the bundled providers and an embedded cloud; no mocks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from signed import send_signed

from cdktf_harness.cloud import Cloud, Credentials, Faults
from cdktf_harness.cloud.front_door.addresses import RESET
from cdktf_harness.docker.engine import Engine
from terraform_standins.serving.mirror import write_mirror

from .running import Running
from .workspace import REGION, Workspace, environment, unlisted_deviations


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CLI configuration of a mirror of the bundled providers."""
    return write_mirror(tmp_path_factory.mktemp("mirror"))


@pytest.fixture(scope="session")
def cloud(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An embedded cloud for these tests; its answers are as in botocore's model of AWS."""
    with Cloud(tmp_path_factory.mktemp("cloud"), REGION).start(resettable=True) as cloud:
        yield cloud
    assert unlisted_deviations(mirror) == set()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Terraform for all workspaces on the cloud, one after the other."""
    terraform = Running(tmp_path_factory.mktemp("running"))
    yield terraform
    terraform.close()


@pytest.fixture(scope="session")
def running_offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Credentials]]:
    """Terraform for workspaces without a cloud, and their credentials."""
    terraform = Running(tmp_path_factory.mktemp("offline"))
    yield terraform, Credentials.new()
    terraform.close()


@pytest.fixture
def offline(mirror: Path, running_offline: tuple[Running, Credentials]) -> Iterator[Workspace]:
    """A workspace without a cloud (nothing listens on port 9)."""
    running, credentials = running_offline
    yield Workspace(running.folder, environment(mirror, "http://127.0.0.1:9", credentials), running)
    _empty(running.folder)


@pytest.fixture
def workspace(mirror: Path, running: Running, cloud: Cloud) -> Iterator[Workspace]:
    """A workspace on the embedded cloud, which is emptied afterwards."""
    yield Workspace(running.folder, environment(mirror, cloud.url, cloud.credentials), running)
    assert send_signed(f"{cloud.url}{RESET}", cloud.credentials, method="POST").status == 200
    _empty(running.folder)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def faults(cloud: Cloud) -> Faults:
    """The faults of calls to the embedded cloud."""
    return Faults(cloud.folder)


@pytest.fixture(scope="session")
def engine(docker_engine: Engine) -> Any:
    """The API of the Docker engine, whose type stubs lack most of it."""
    return docker_engine.client.api


@pytest.fixture
def aws(cloud: Cloud) -> Callable[[str], Any]:
    """boto3 clients of the embedded cloud, to inspect it and to cause drift."""
    return cloud.client
