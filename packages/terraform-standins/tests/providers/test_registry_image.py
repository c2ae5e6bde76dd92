"""Build and push in one resource, on the machine's Docker engine and the embedded cloud's registry."""

from __future__ import annotations

import base64
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.cloud.functions.network import BASE, ensure_helper_image
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.system.http import Answer, send

from .workspace import Workspace

ADDRESS = "docker_registry_image.this"
TOKEN = "ephemeral.aws_ecr_authorization_token.this"
CONTAINERFILE = """\
FROM scratch AS wanted
ARG TARGETARCH
LABEL arch=$TARGETARCH
COPY . /context/
FROM wanted AS unwanted
COPY missing /
FROM wanted
"""


@pytest.fixture
def image(workspace: Workspace, cloud: Cloud, engine: Any) -> Iterator[dict[str, Any]]:
    """The arguments of an image whose context is in the workspace; the image is removed from the engine afterwards."""
    context = workspace.folder / "context"
    context.mkdir()
    (context / "Containerfile").write_text(CONTAINERFILE)
    (context / "app.py").write_text("one")
    (context / "secret.txt").write_text("not for the image")
    (context / ".dockerignore").write_text("*.txt\nContainerfile\n")
    build = {"context": "context", "dockerfile": "Containerfile", "platform": "linux/arm64", "provenance": "false"}
    yield {
        "name": f"{cloud.registry}/built:one",
        "keep_remotely": True,
        "triggers": {"context": "one"},
        "build": {**build, "build_log_file": "build.log"},
    }
    for found in engine.images(filters={"reference": f"{cloud.registry}/built"}):
        engine.remove_image(found["Id"], force=True)


def write(workspace: Workspace, image: dict[str, Any], cloud: Cloud) -> None:
    """Write a configuration with that image, its repository and a login by token."""
    login = {"username": f"${{{TOKEN}.user_name}}", "password": f"${{{TOKEN}.password}}"}
    workspace.write(
        provider={"docker": {"registry_auth": {"address": cloud.url, **login}}},
        ephemeral={"aws_ecr_authorization_token": {"this": {}}},
        resource={
            "aws_ecr_repository": {
                "this": {"name": "built", "image_tag_mutability": "IMMUTABLE", "force_delete": True}
            },
            "docker_registry_image": {"this": {**image, "depends_on": ["aws_ecr_repository.this"]}},
        },
    )


def manifest(cloud: Cloud, reference: str, method: str = "GET") -> Answer:
    """Ask the registry for the manifest of a tag or digest, of any kind."""
    headers = {"Accept": "*/*", "Authorization": cloud.access.registry_login}
    return send(f"{cloud.url}/v2/built/manifests/{reference}", method=method, headers=headers)


def test_life(workspace: Workspace, image: dict[str, Any], cloud: Cloud, engine: Any) -> None:
    """Push a plain manifest for its platform; a plan needs no engine and no local image; a change replaces it."""
    write(workspace, image, cloud)
    workspace.apply()
    first = workspace.state(ADDRESS)
    assert first["id"] == first["sha256_digest"]
    pushed = json.loads(manifest(cloud, "one").body)
    assert "layers" in pushed
    assert "manifests" not in pushed
    built = engine.inspect_image(image["name"])
    assert (built["Architecture"], built["Config"]["Labels"]) == ("arm64", {"arch": "arm64"})
    assert "COPY . /context/" in (workspace.folder / "build.log").read_text()

    engine.remove_image(image["name"], force=True)
    there = workspace.env.pop("DOCKER_HOST", "")
    workspace.env["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    assert workspace.plan() == {}

    workspace.env["DOCKER_HOST"] = there
    (workspace.folder / "context" / "app.py").write_text("two")
    image |= {"name": f"{cloud.registry}/built:two", "triggers": {"context": "two"}}
    write(workspace, image, cloud)
    change = workspace.plan()[ADDRESS]
    assert sorted(change["replace_paths"]) == [["name"], ["triggers"]]
    assert set(change["after_unknown"]) >= {"id", "sha256_digest"}
    workspace.apply()
    assert workspace.state(ADDRESS)["sha256_digest"] != first["sha256_digest"]
    assert json.loads(manifest(cloud, "one").body) == pushed


def test_ignored_files_stay_out(workspace: Workspace, image: dict[str, Any], cloud: Cloud, engine: Any) -> None:
    """Ignored files are not in the image."""
    write(workspace, image, cloud)
    workspace.apply()
    container = engine.create_container(image["name"], command="none", platform="linux/arm64")
    try:
        exported = b"".join(engine.export(container))
    finally:
        engine.remove_container(container)
    assert b"context/app.py" in exported
    assert b"secret.txt" not in exported


def test_failing_build(workspace: Workspace, image: dict[str, Any], cloud: Cloud) -> None:
    """The error has the real provider's summary, the log file has the build's output."""
    (workspace.folder / "context" / "Containerfile").write_text("FROM scratch\nCOPY missing /\n")
    write(workspace, image, cloud)
    errors = workspace.fails("apply", "-auto-approve")
    assert "Error: Error running buildx build: failed to solve: " in errors
    assert "COPY missing /" in (workspace.folder / "build.log").read_text()
    assert manifest(cloud, "one").status == 404


def test_pushed_but_not_recorded(workspace: Workspace, image: dict[str, Any], cloud: Cloud) -> None:
    """After a run that was killed after the push, an immutable tag is refused, and another one is accepted."""
    write(workspace, image, cloud)
    workspace.apply()
    digest = workspace.state(ADDRESS)["sha256_digest"]
    workspace.run("state", "rm", ADDRESS)
    assert "Error: Error pushing docker image: Error pushing image. . Full error: " in workspace.fails(
        "apply", "-auto-approve"
    )
    image["name"] += "-again"
    write(workspace, image, cloud)
    workspace.apply()
    assert workspace.state(ADDRESS)["sha256_digest"] == digest


def test_gone_from_the_registry(workspace: Workspace, image: dict[str, Any], cloud: Cloud) -> None:
    """A missing image is built and pushed again; a destroy deletes it."""
    image["keep_remotely"] = False
    write(workspace, image, cloud)
    workspace.apply()
    digest = workspace.state(ADDRESS)["sha256_digest"]
    assert manifest(cloud, digest, "DELETE").status == 202
    assert workspace.plan()[ADDRESS]["actions"] == ["create"]
    workspace.apply()
    workspace.run("destroy", "-auto-approve", f"-target={ADDRESS}")
    assert manifest(cloud, "one").status == 404


class _Dying(BaseHTTPRequestHandler):
    """A registry that exits when the first layer arrives."""

    ended = Event()
    # The containerd image store tries TLS first, and knows plain HTTP by the status line of the refusal.
    default_request_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def do_POST(self) -> None:
        self.server.server_close()
        self.ended.set()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_the_registry_ends_during_a_push(workspace: Workspace, image: dict[str, Any], engine: Any) -> None:
    """The error comes at the engine's first retry, not 50 s later after its last."""
    server = HTTPServer(("127.0.0.1", 0), _Dying)
    server.timeout = 1
    _Dying.ended.clear()

    def serve() -> None:
        while not _Dying.ended.is_set():
            server.handle_request()

    thread = Thread(target=serve)
    thread.start()
    address = f"http://localhost:{server.server_port}"
    image["name"] = name = f"localhost:{server.server_port}/built:one"
    login = {"address": address, "username": "a", "password": "b"}
    workspace.write(provider={"docker": {"registry_auth": login}}, resource={"docker_registry_image": {"this": image}})
    try:
        errors = workspace.fails("apply", "-auto-approve")
    finally:
        _Dying.ended.set()
        thread.join()
        server.server_close()
    assert f"the registry at {address} does not answer: [Errno 111] Connection refused" in errors
    engine.remove_image(name, force=True)


def test_password_is_nowhere(
    workspace: Workspace, image: dict[str, Any], cloud: Cloud, aws: Callable[[str], Any]
) -> None:
    """The registry's password is in no plan and no state."""
    (login,) = aws("ecr").get_authorization_token()["authorizationData"]
    token = login["authorizationToken"]
    password = base64.b64decode(token).decode().partition(":")[2]
    write(workspace, image, cloud)
    workspace.run("plan", "-out=plan")
    with zipfile.ZipFile(workspace.folder / "plan") as plan:
        written = b"".join(plan.read(name) for name in plan.namelist())
    workspace.apply()
    written += (workspace.folder / "terraform.tfstate").read_bytes()
    assert b"built:one" in written
    assert password.encode() not in written
    assert token.encode() not in written


def test_a_container(offline: Workspace, docker_engine: Engine, engine: Any) -> None:
    """An image and its container, whose port is published on the loopback only; it is started again after it ended."""
    ensure_helper_image(docker_engine, print)
    base = bases.image(docker_engine.client, BASE, docker_engine.architecture)
    tag = f"standins-{uuid.uuid4().hex[:12]}:1"
    engine.tag(base, *tag.split(":"))
    container = {
        "name": tag.partition(":")[0],
        "image": "${docker_image.this.name}",
        "entrypoint": ["python3"],
        "command": ["-m", "http.server", "80"],
        "env": ["A=b"],
        "ports": [{"internal": 80}],
    }
    resources = {"docker_image": {"this": {"name": tag}}, "docker_container": {"this": container}}
    try:
        offline.converge(resource=resources)
        state = offline.state("docker_container.this")
        (bound,) = engine.inspect_container(state["id"])["NetworkSettings"]["Ports"]["80/tcp"]
        assert bound["HostIp"] == "127.0.0.1"
        assert int(bound["HostPort"]) == state["ports"][0]["external"]
        engine.stop(state["id"], timeout=0)
        assert offline.actions() == {"docker_container.this": ["update"]}
        offline.converge()
        assert engine.inspect_container(state["id"])["State"]["Running"]
    finally:
        offline.run("destroy", "-auto-approve")
    assert not engine.images(tag)
    assert not engine.containers(all=True, filters={"name": container["name"]})
