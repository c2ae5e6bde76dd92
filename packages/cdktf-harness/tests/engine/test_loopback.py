"""Root enters the network namespace of a container, and no other."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient
from docker.models.containers import Container

from cdktf_harness.cloud import handover, loopback
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine

# Where processes are counted anew, another one gets the number that the container's has for the engine.
IN_ANOTHER_NAMESPACE = """
import subprocess, sys
from pathlib import Path
import docker
from cdktf_harness.cloud import handover, loopback
container = docker.from_env().containers.get(sys.argv[1])
pid = container.attrs["State"]["Pid"]
assert not loopback.possible(container.client)
handover.listen(container, "127.0.0.1", 4565).close()
Path("/proc/sys/kernel/ns_last_pid").write_text(str(pid - 1))
with subprocess.Popen(["unshare", "--net", "sleep", "600"]) as other:
    try:
        assert other.pid == pid
        loopback.listen(container, "127.0.0.1", 4566)
    except OSError as error:
        print(error)
    else:
        print("entered", Path(f"/proc/{pid}/comm").read_text())
    finally:
        other.kill()
"""


@pytest.fixture
def container(engine: Engine) -> Iterator[Container]:
    """A container that runs until it is removed."""
    handover.ensure_image(engine, lambda line: None)
    image = bases.image(engine.client, handover.BASE, engine.architecture)
    container = engine.client.containers.run(image, ["sleep", "600"], detach=True)
    yield container
    container.remove(force=True)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no namespaces")
def test_an_engine_whose_process_cannot_be_looked_at_is_elsewhere(tmp_path: Path) -> None:
    """As where a program listens, hands the socket to a child process, and ends."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        program = "import socket, sys; socket.socket(fileno=int(sys.argv[1])).listen()"
        subprocess.run(
            [sys.executable, "-c", program, str(listener.fileno())], pass_fds=[listener.fileno()], check=True
        )
        client = DockerClient(base_url=f"unix://{path}", version="1.41")
        assert not loopback.possible(client)
        client.close()


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root on Linux enters networks")
def test_a_process_with_the_number_of_the_container_s_is_not_taken_for_it(
    container: Container, engine: Engine, tmp_path: Path
) -> None:
    """As where the cloud runs in a container that has the engine's socket, or the engine is on another machine.

    Where that is known, a socket is passed out of the container.
    """
    assert loopback.possible(engine.client)
    command = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-c", IN_ANOTHER_NAMESPACE]
    done = subprocess.run(
        [*command, str(container.id)], capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path
    )
    container.reload()
    pid = container.attrs["State"]["Pid"]
    assert done.stdout.strip() == (
        f"process {pid} is not that of the container: the engine is on another machine or in a container"
    )
