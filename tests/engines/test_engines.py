"""Other engines than the one of this environment: Terraform from 1.10 and OpenTofu from 1.11, where they are given.

The variable ENGINES names them: paths of `terraform` or `tofu`, separated by colons. Without it nothing runs here, and
the report says so.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.project import find
from cdktf_harness.system.http import send
from checkout import PROJECT

ENGINES: list[Any] = list(filter(None, os.environ.get("ENGINES", "").split(os.pathsep)))
MISSING = pytest.param(
    "", marks=pytest.mark.skip("no other engine was given: ENGINES=/path/to/tofu:/path/to/terraform")
)


def version(engine: str) -> str:
    """The engine's own name and version, as the test's name."""
    done = subprocess.run([engine, "version"], capture_output=True, text=True, check=False)
    return next((line for line in done.stdout.splitlines() if " v" in line), engine).replace(" v", "-")


@pytest.fixture(params=ENGINES or [MISSING], ids=version if ENGINES else None)
def local(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalDeployment]:
    """A deployment to a cloud of its own, with one of the engines."""
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", request.param)
    # As long as API Gateway waits: a busy machine emulates the function's start slowly.
    monkeypatch.setenv("ONTRA_TIMEOUT_S", "29")
    local = LocalDeployment(find(PROJECT), tmp_path / "local")
    try:
        yield local
    finally:
        local.remove()


def test_the_registry_is_deployed_and_the_rest_is_planned(local: LocalDeployment) -> None:
    """Without a Docker engine: a deployment, an empty plan after it, and the plan of what needs an ephemeral login."""
    local.start(images=False)
    local.env = {**local.env, "DOCKER_HOST": "unix:///nonexistent/docker.sock"}
    local.deploy(only=["registry"])
    assert planned(local, "registry") == set()
    assert planned(local, "api") == {"create"}


@pytest.mark.docker
def test_a_whole_deployment(local: LocalDeployment) -> None:
    """It answers, a second deployment changes nothing, and it can be destroyed."""
    local.start()
    local.deploy()
    assert send(local.url()).status == 200
    assert planned(local, "registry") | planned(local, "api") == set()
    local.destroy()
    assert planned(local, "registry") == {"create"}


def planned(local: LocalDeployment, stack: str) -> set[str]:
    """Return the actions in the plan of a stack."""
    with local.terraform() as terraform:
        return set(terraform.plan(local.synthesis()[stack]).actions.values())
