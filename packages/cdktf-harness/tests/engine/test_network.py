"""A helper container passes sockets out of its network, which a function's container joins."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from cdktf_harness.cloud.docker_cleanup import INSTANCE_LABEL
from cdktf_harness.cloud.functions import network
from cdktf_harness.cloud.functions.forwarder import Forwarder
from cdktf_harness.docker.engine import Engine

# Where a folder has other contents than for the engine.
ELSEWHERE = """
import sys
from pathlib import Path
import docker
from cdktf_harness.cloud.functions import network
print(network.sees_folder(docker.from_env(), Path(sys.argv[1]), "none"))
"""


@pytest.fixture
def helper(engine: Engine) -> None:
    """The image of the helper container."""
    if not network.can_share_network(engine.client):
        pytest.skip("the engine is not on this machine's kernel")
    network.ensure_helper_image(engine, lambda line: None)


def test_each_listener_is_forwarded_until_its_end() -> None:
    """Also one that has the file descriptor of an earlier one, as when containers come and go."""
    with socket.create_server(("127.0.0.1", 0)) as cloud:
        cloud.settimeout(10)
        forwarder = Forwarder(cloud.getsockname()[1])
        for _ in range(3):
            listener = socket.create_server(("127.0.0.1", 0))
            address, end = listener.getsockname(), forwarder.forward(listener)
            with socket.create_connection(address) as client, cloud.accept()[0] as there:
                there.sendall(b"hello")
                assert client.recv(100) == b"hello"
            end()
            assert listener.fileno() == -1


@pytest.mark.usefixtures("helper")
@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root on Linux mounts")
def test_a_folder_that_the_engine_does_not_see_is_found(engine: Engine, tmp_path: Path) -> None:
    """As in a container that has the engine's socket; one that it sees is used and left as it was."""
    instance = uuid.uuid4().hex
    assert network.sees_folder(engine.client, tmp_path, instance)
    mounted = 'mount -t tmpfs none "$2" && exec "$0" -c "$1" "$2"'
    command = ["unshare", "--mount", "sh", "-c", mounted, sys.executable, ELSEWHERE, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
    assert list(tmp_path.iterdir()) == []
    assert engine.client.containers.list(all=True, filters={"label": f"{INSTANCE_LABEL}={instance}"}) == []
