"""One deployment for the tests of this ring, in a cloud of its own, removed at the end."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from cdktf_harness.environment import CREDENTIALS
from cdktf_harness.errors import CommandFailed
from cdktf_harness.local import LocalDeployment
from checkout import Checkout, copy_project


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The copy of this project that this ring deploys."""
    return copy_project(tmp_path_factory.mktemp("checkout") / "ontra")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the deployment keeps its cloud, its state and its plug-ins."""
    return tmp_path_factory.mktemp("deployment")


@pytest.fixture(scope="session")
def deployment(checkout: Checkout, folder: Path) -> Iterator[LocalDeployment]:
    """Both stacks, deployed with `cdktf deploy registry api`."""
    deployment = checkout.deployment(folder)
    try:
        deployment.start()
        deployment.deploy()
        yield deployment
    except CommandFailed as failure:
        pytest.fail(f"{failure}\n{failure.output}")
    finally:
        deployment.remove()


@pytest.fixture(scope="session")
def client(deployment: LocalDeployment) -> Callable[[str], Any]:
    """A boto3 client of a service of the deployment's cloud, by name."""

    def connect(service: str) -> Any:
        return boto3.client(
            service,
            region_name=deployment.project.region,
            endpoint_url=deployment.cloud.url,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    return connect


@pytest.fixture
def curl() -> Callable[..., str]:
    """What the real `curl` gets; an answer of 400 and above fails."""

    def get(url: str, *options: str) -> str:
        command = ["curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "60", *options, url]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{url}: {done.stderr}{done.stdout}"
        return done.stdout

    return get
