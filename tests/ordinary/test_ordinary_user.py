"""A new user of the project: not root, in the Docker group, with an empty environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient

from cdktf_harness.docker.engine import Engine
from ordinary.user import User, user

SOCKET = Path("/var/run/docker.sock")
# Asks the embedded cloud from within the function.
ASKS = """
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    import os, urllib.request
    with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_localstack/health", timeout=20) as answer:
        return {"statusCode": 200, "body": f"The cloud answers {answer.status}"}
"""


@pytest.fixture(scope="module")
def newcomer(docker_engine: Engine) -> Iterator[User]:
    """A user with a new clone of this project and the environment of this run."""
    if os.geteuid() != 0 or not SOCKET.exists() or not SOCKET.stat().st_gid:
        pytest.skip("needs root, to make a user, and an engine here that has a group")
    with user(SOCKET) as one:
        yield one
        # Nothing any more, where all went well.
        one.run("make", "local-down")


def images(client: DockerClient, port: str) -> list[str]:
    """The names of images in the registry of the embedded cloud."""
    # From the list: a lookup of each image fails if another test has removed it since.
    tags = (tag for image in client.api.images() for tag in image["RepoTags"] or ())
    return [tag for tag in tags if tag.startswith(f"localhost:{port}/")]


def test_a_deployment_comes_changes_stays_and_goes(newcomer: User, docker_engine: Engine) -> None:
    """As for root; the function reaches the embedded cloud."""
    # The engine's own architecture: emulation is slow and does not depend on the user.
    settings = {"ONTRA_ARCHITECTURE": os.uname().machine.replace("aarch64", "arm64"), "ONTRA_TIMEOUT_S": "29"}
    shown = newcomer.run("make", "local", **settings)
    assert "The current epoch time" in shown
    port = re.findall(r"^http://localhost:(\d+)/", shown, re.M)[0]
    app = newcomer.project / "lambda_image" / "app.py"
    app.write_text(app.read_text() + ASKS)
    assert "The cloud answers 200" in newcomer.run("make", "local", **settings)
    assert "The cloud answers 200" in newcomer.run("make", "local-get")
    assert images(docker_engine.client, port)
    newcomer.run("make", "local-down")
    assert not images(docker_engine.client, port)
    assert not (newcomer.project / ".ontra").exists()


def test_base_images_are_made(newcomer: User) -> None:
    """From Debian's packages, where no public registry answers; nothing else of that depends on the user."""
    test = "packages/cdktf-harness/tests/engine/test_bases.py::test_an_image_that_cannot_be_pulled_is_built"
    place = ("--basetemp", str(newcomer.home / "pytest"))
    newcomer.run(".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *place, test)
