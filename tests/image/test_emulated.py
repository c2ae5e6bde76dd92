"""The image on a laptop: `docker run`, one POST, the documented answer."""

from __future__ import annotations

import http.client
import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient
from docker.models.containers import Container

from checkout import PROJECT
from image.containers import ANSWER_SECONDS, running

pytestmark = pytest.mark.docker

INVOCATIONS = "2015-03-31/functions/function/invocations"
PUBLISHED = {"8080/tcp": ("127.0.0.1", None)}


def invoke(container: Container, event: dict[str, Any]) -> str:
    """POST an event to the emulator, as soon as it answers."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        container.reload()
        try:
            port = (container.ports["8080/tcp"] or [])[0]["HostPort"]
            request = urllib.request.Request(f"http://127.0.0.1:{port}/{INVOCATIONS}", json.dumps(event).encode())
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError:
            print(container.logs().decode())
            raise
        except (OSError, http.client.HTTPException, LookupError):
            if time.monotonic() > deadline or container.status != "running":
                print(container.logs().decode())
                raise


def test_answer_is_the_documented_one(client: DockerClient, emulated_image: str) -> None:
    """`docker run -p 9000:8080` and a POST to the invocations URL give exactly what the README shows."""
    before = int(time.time())
    with running(client, emulated_image, ports=PUBLISHED) as container:
        answer = invoke(container, {})
    seconds = json.loads(json.loads(answer)["body"])["The current epoch time"]
    assert before <= seconds <= time.time()
    assert answer == (
        f'{{"statusCode": 200, "body": "{{\\"The current epoch time\\": {seconds}}}", '
        '"headers": {"Content-Type": "application/json"}}'
    )


def test_runs_with_nothing_writable_and_no_privilege(client: DockerClient, emulated_image: str) -> None:
    """A read-only file system and no capability are enough, as on Lambda."""
    with running(
        client,
        emulated_image,
        ports=PUBLISHED,
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
    ) as container:
        assert json.loads(invoke(container, {}))["statusCode"] == 200
        # A warm process answers again.
        assert json.loads(invoke(container, {}))["statusCode"] == 200


def test_an_edit_changes_one_layer(
    client: DockerClient, emulated_image: str, build_target: Callable[..., str], tmp_path: Path
) -> None:
    """What is pushed after an edit is the application and nothing else: all other layers are the same, byte by byte."""
    edited = tmp_path / "lambda_image"
    shutil.copytree(PROJECT / "lambda_image", edited)
    app = edited / "app.py"
    app.write_text(app.read_text().replace("The current epoch time", "The epoch time now"))
    before, after = (
        client.images.get(image).attrs["RootFS"]["Layers"]
        for image in (emulated_image, build_target("emulated", edited))
    )
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1
