"""The image on a laptop: `docker run`, one POST, the documented answer."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.models.containers import Container

from cdktf_harness.system.http import Answer, send
from checkout import PROJECT
from image.containers import ANSWER_SECONDS, running
from terraform_standins.waiting import poll

INVOCATIONS = "2015-03-31/functions/function/invocations"
PUBLISHED = {"8080/tcp": ("127.0.0.1", None)}


def invoke(container: Container, event: dict[str, Any]) -> str:
    """POST an event to the emulator, as soon as it answers."""

    def ask() -> Answer | None:
        container.reload()
        try:
            port = (container.ports["8080/tcp"] or [])[0]["HostPort"]
            return send(f"http://127.0.0.1:{port}/{INVOCATIONS}", method="POST", body=json.dumps(event).encode())
        except (OSError, LookupError):
            return None

    answer = poll(ask, ANSWER_SECONDS, until=lambda answer: answer or container.status != "running")
    assert answer, f"{container.status}: {container.logs().decode()}"
    assert answer.status == 200, f"{answer.text}: {container.logs().decode()}"
    return answer.text


def test_answer_is_the_documented_one(client: DockerClient, emulated_image: str) -> None:
    """A POST gives what the README shows, a warm process answers again, and nothing is writable or privileged."""
    options = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges"]}
    before = int(time.time())
    with running(client, emulated_image, ports=PUBLISHED, **options) as container:
        invoke(container, {})
        answer = invoke(container, {})
    seconds = json.loads(json.loads(answer)["body"])["The current epoch time"]
    assert before <= seconds <= time.time()
    assert answer == (
        f'{{"statusCode": 200, "body": "{{\\"The current epoch time\\": {seconds}}}", '
        '"headers": {"Content-Type": "application/json"}}'
    )


def test_layers_depend_on_the_sources_alone(
    client: DockerClient, emulated_image: str, build_target: Callable[..., str], tmp_path: Path
) -> None:
    """A build without a cache, of files with other times and modes, is the same image; an edit changes one layer.

    From Docker 23 on, the configuration is the same, too. The manifest also depends on the engine's image store.
    """
    checkout = tmp_path / "lambda_image"
    shutil.copytree(PROJECT / "lambda_image", checkout, copy_function=shutil.copyfile)
    app = checkout / "app.py"
    # As with umask 077; the function runs as another user than the owner.
    app.chmod(0o600)
    again = build_target("emulated", checkout, no_cache=True)
    app.write_text(app.read_text().replace("The current epoch time", "The epoch time now"))
    edited = build_target("emulated", checkout)
    first, second, third = (client.images.get(image).attrs for image in (emulated_image, again, edited))
    layers = first["RootFS"]["Layers"]
    assert layers == second["RootFS"]["Layers"]
    assert [old == new for old, new in zip(layers, third["RootFS"]["Layers"], strict=True)].count(False) == 1
    if int(client.version()["Version"].partition(".")[0]) >= 23:
        assert first["Id"] == second["Id"]
