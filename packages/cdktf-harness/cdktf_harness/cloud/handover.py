"""Let a function's container reach the embedded cloud where this process may not enter the container's network.

Only root may, and only in the engine's PID namespace. But the engine can start another container in that network, which
listens on the cloud's port, passes the listening socket to this process, and ends. A socket stays in the network
namespace where it was created, so everything else is the same as in `loopback`.

Source: Linux man-pages, unix(7), SCM_RIGHTS; https://docs.docker.com/reference/cli/docker/container/run/#network
"""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.cloud import loopback
from cdktf_harness.cloud.loopback import Listen
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.leftovers import INSTANCE_LABEL
from cdktf_harness.docker.machine import Report

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

BASE = "python-build"
"""The base image of the helper container: the only one that always has the engine's own architecture."""
_PROGRAM = """
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
with socket.socket(socket.AF_UNIX) as cloud:
    cloud.connect("/cloud")
    socket.send_fds(cloud, [b"."], [listener.fileno()])
"""


@cache
def possible(client: DockerClient) -> bool:
    """Return whether a container can pass a socket to this process: the engine runs on this machine's kernel."""
    if sys.platform != "linux" or not client.api.base_url.startswith("http+docker://"):
        return False
    return bool(client.info()["KernelVersion"] == platform.release())


def way(client: DockerClient) -> Listen | None:
    """Return how to listen in the networks of the engine's containers, `loopback` first; None if there is no way."""
    if loopback.possible(client):
        return loopback.listen
    return listen if possible(client) else None


def ensure_image(engine: Engine, report: Report) -> None:
    """Provide the image of the helper container. Raises HarnessError if it can neither be pulled nor built."""
    from docker.errors import ImageNotFound

    bases.ensure_bases(engine, engine.architecture, {"": BASE}, report)
    name = bases.image(engine.client, BASE, engine.architecture)
    try:
        engine.client.images.get(name)
    except ImageNotFound:
        report(f"Pulling {name}")
        engine.client.images.pull(name, platform=f"linux/{engine.architecture}")


def sees(client: DockerClient, folder: Path, instance: str) -> bool:
    """Return False if the engine does not see a folder of the cloud `instance`, which `listen` needs.

    As where this process is in a container that has the engine's socket, but other paths. Needs the helper's image.
    """
    from docker.errors import APIError
    from docker.types import Mount

    # A new one: the engine may have another folder of the same name.
    with tempfile.TemporaryDirectory(prefix="handover-", dir=folder) as new:
        mounts, labels = [Mount("/cloud", new, type="bind")], {INSTANCE_LABEL: instance}
        try:
            container = client.containers.create(_image(client), ["true"], mounts=mounts, labels=labels)
        except APIError as error:
            return "invalid mount config" not in str(error)
        # Somebody may have removed it.
        with suppress(APIError):
            container.remove()
    return True


def listen(container: Container, host: str, port: int) -> socket.socket:
    """Return a socket that listens in the network of a running container. Raises OSError if that fails."""
    from docker.errors import DockerException
    from docker.types import Mount

    client = container.client
    assert client is not None
    with (
        tempfile.TemporaryDirectory(prefix="handover-", dir=Path.cwd()) as folder,
        socket.socket(socket.AF_UNIX) as here,
    ):
        path = Path(folder) / "cloud"
        # A relative path: the address of a socket is limited to about 100 bytes.
        here.bind(os.path.relpath(path))
        here.listen(1)
        here.settimeout(1)
        try:
            client.containers.run(
                _image(client),
                [_PROGRAM, host, str(port)],
                entrypoint=["python3", "-c"],
                labels={INSTANCE_LABEL: container.labels.get(INSTANCE_LABEL, "")},
                mounts=[Mount("/cloud", str(path), type="bind")],
                network_mode=f"container:{container.id}",
                read_only=True,
                remove=True,
                # Only this process's user may connect to the path.
                cap_drop=["ALL"],
                cap_add=["DAC_OVERRIDE"],
                security_opt=["no-new-privileges", "label=disable"],
                user="0",
            )
        except DockerException as error:
            raise OSError(f"no container listens in the function's network: {error}") from error
        there, _ = here.accept()
        with there:
            _, (descriptor,), _, _ = socket.recv_fds(there, 1, 1)
    return socket.socket(fileno=descriptor)


def _image(client: DockerClient) -> str:
    return bases.image(client, BASE, Engine(client, "").architecture)
