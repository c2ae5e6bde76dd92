"""The way from a function's container to the embedded cloud for a user of the Docker engine who is not root.

Only root may enter a container's network. The engine puts another container into it for anybody: one that listens
there on the cloud's port, hands the listening socket over, and ends. A socket stays in the network where it was made,
so from then on all is as it is for root (`loopback`).

Source: Linux man-pages, unix(7), SCM_RIGHTS; https://docs.docker.com/reference/cli/docker/container/run/#network
"""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
from functools import cache
from pathlib import Path

from docker import DockerClient
from docker.errors import DockerException, ImageNotFound
from docker.models.containers import Container
from docker.types import Mount

from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.machine import Report

BASE = "python-build"
"""The base image whose Python listens: the only one that is always of the engine's own architecture."""
_LABEL = "ministack.instance"
_PROGRAM = """
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
with socket.socket(socket.AF_UNIX) as cloud:
    cloud.connect("/cloud")
    socket.send_fds(cloud, [b"."], [listener.fileno()])
"""


@cache
def possible(client: DockerClient) -> bool:
    """Whether containers of this engine can hand a socket over to this process: it is on this machine's kernel."""
    if sys.platform != "linux" or not client.api.base_url.startswith("http+docker://"):
        return False
    return bool(client.info()["KernelVersion"] == platform.release())


def ensure_image(engine: Engine, report: Report) -> None:
    """Bring the image that listens into the engine. Raises HarnessError."""
    bases.ensure_bases(engine, engine.architecture, {"": BASE}, report)
    name = bases.image(engine.client, BASE, engine.architecture)
    try:
        engine.client.images.get(name)
    except ImageNotFound:
        report(f"Pulling {name}")
        engine.client.images.pull(name, platform=f"linux/{engine.architecture}")


def listen(container: Container, host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port` in the network of a running container. Raises OSError."""
    client = container.client
    assert client is not None
    with (
        tempfile.TemporaryDirectory(prefix="handover-", dir=Path.cwd()) as folder,
        socket.socket(socket.AF_UNIX) as here,
    ):
        path = Path(folder) / "cloud"
        # A relative path, since a long one does not fit into the address of a socket.
        here.bind(os.path.relpath(path))
        here.listen(1)
        here.settimeout(1)
        try:
            client.containers.run(
                bases.image(client, BASE, Engine(client, "").architecture),
                [_PROGRAM, host, str(port)],
                entrypoint=["python3", "-c"],
                labels={_LABEL: container.labels.get(_LABEL, "")},
                mounts=[Mount("/cloud", str(path), type="bind")],
                network_mode=f"container:{container.id}",
                read_only=True,
                remove=True,
                # The path belongs to this process's user, who may be any in the container.
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
