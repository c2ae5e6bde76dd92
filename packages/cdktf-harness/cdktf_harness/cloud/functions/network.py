"""The network of a function's container, with sockets in it that this process listens on.

A container has its own loopback, which cannot be reached from outside. So a helper container is started first: it
listens on its loopback, passes the listening sockets to this process, and keeps its network until this process closes
the connection or ends. The function's container joins that network. A socket stays in the network where it was created,
so nothing is published, nothing answers on the container's address, and the cloud stays bound to the host's loopback.
Anybody who may use the engine can do this, root or not.

Source: Linux man-pages, unix(7), SCM_RIGHTS; https://docs.docker.com/reference/cli/docker/container/run/#network
"""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.host import Report

if TYPE_CHECKING:
    from docker import DockerClient

HOST = "127.0.0.1"
CLOUD_NAME = "host.docker.internal"
"""The name of the embedded cloud in a function's container."""
BASE = "python-build"
"""The base image of the helper container: the only one that always has the engine's own architecture."""
_START_SECONDS = 60
_PROGRAM = """
import socket, sys
with socket.socket(socket.AF_UNIX) as cloud:
    cloud.connect("/cloud")
    listeners = [socket.create_server((sys.argv[1], int(port)), backlog=128) for port in sys.argv[2:]]
    socket.send_fds(cloud, [b"."], [listener.fileno() for listener in listeners])
    for listener in listeners:
        listener.close()
    cloud.recv(1)
"""


@cache
def can_share_network(client: DockerClient) -> bool:
    """Return whether a container can pass a socket to this process: the engine runs on this machine's kernel."""
    if sys.platform != "linux" or not client.api.base_url.startswith("http+docker://"):
        return False
    return bool(client.info()["KernelVersion"] == platform.release())


def ensure_helper_image(engine: Engine, report: Report) -> None:
    """Provide the image of the helper container. Raises HarnessError if it can neither be pulled nor built."""
    from docker.errors import ImageNotFound

    bases.ensure_bases(engine, engine.architecture, {"": BASE}, report)
    name = bases.image(engine.client, BASE, engine.architecture)
    try:
        engine.client.images.get(name)
    except ImageNotFound:
        report(f"Pulling {name}")
        engine.client.images.pull(name, platform=f"linux/{engine.architecture}")


class Network:
    """A container's network; `listeners` are bound to `ports` of its loopback.

    Raises OSError or DockerException if there is none.
    """

    def __init__(self, client: DockerClient, labels: dict[str, str], ports: list[int]) -> None:
        from docker.types import Mount

        with (
            tempfile.TemporaryDirectory(prefix="network-", dir=Path.cwd()) as folder,
            socket.socket(socket.AF_UNIX) as here,
        ):
            path = Path(folder) / "cloud"
            # A relative path: the address of a socket is limited to about 100 bytes.
            here.bind(os.path.relpath(path))
            here.listen(1)
            here.settimeout(_START_SECONDS)
            container = client.containers.run(
                bases.image(client, BASE, Engine(client, "").architecture),
                [_PROGRAM, HOST, *map(str, ports)],
                entrypoint=["python3", "-ISc"],
                labels=labels,
                mounts=[Mount("/cloud", str(path), type="bind")],
                extra_hosts={CLOUD_NAME: HOST},
                detach=True,
                auto_remove=True,
                read_only=True,
                mem_limit="64m",
                pids_limit=16,
                # Only this process's user may connect to the path.
                cap_drop=["ALL"],
                cap_add=["DAC_OVERRIDE"],
                security_opt=["no-new-privileges", "label=disable"],
                user="0",
            )
            self.mode = f"container:{container.id}"
            self._helper, _ = here.accept()
        with ExitStack() as failed:
            failed.push(self._helper)
            self._helper.settimeout(_START_SECONDS)
            _, descriptors, _, _ = socket.recv_fds(self._helper, 1, len(ports))
            self.listeners = [socket.socket(fileno=descriptor) for descriptor in descriptors]
            if len(self.listeners) != len(ports):
                raise OSError(f"the helper container does not listen on the ports {ports}")
            failed.pop_all()

    def close(self) -> None:
        """Close the sockets; the helper container ends, and the engine removes it."""
        for each in (*self.listeners, self._helper):
            each.close()
