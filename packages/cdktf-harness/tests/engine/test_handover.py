"""Without root, a socket is passed out of a container's network to forward its loopback to this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from docker.models.containers import Container

from cdktf_harness.cloud import handover
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.leftovers import INSTANCE_LABEL

ASKS = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as there:
    print(there.recv(100).decode())
"""
# Where a folder has other contents than for the engine.
ELSEWHERE = """
import sys
from pathlib import Path
import docker
from cdktf_harness.cloud import handover
print(handover.sees(docker.from_env(), Path(sys.argv[1]), "none"))
"""


@pytest.fixture
def container(engine: Engine) -> Iterator[Container]:
    """A container with Python in it that runs until it is removed."""
    if not handover.possible(engine.client):
        pytest.skip("the engine is not on this machine's kernel")
    handover.ensure_image(engine, lambda line: None)
    image = bases.image(engine.client, handover.BASE, engine.architecture)
    container = engine.client.containers.run(image, ["sleep", "600"], detach=True, cap_drop=["ALL"], user="65534")
    yield container
    container.remove(force=True)


def test_a_container_reaches_this_process_on_its_own_loopback(
    container: Container, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a port without a listener outside; the helper container is gone and left nothing."""
    # Longer than the address of a socket may be.
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    monkeypatch.chdir(folder)
    with socket.socket() as unused, ExitStack() as stack:
        # Bound, so that nobody else listens there meanwhile.
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        listener = stack.enter_context(handover.listen(container, "127.0.0.1", port))

        def answer() -> None:
            with listener.accept()[0] as there:
                there.sendall(b"hello")

        thread = threading.Thread(target=answer)
        thread.start()
        code, output = container.exec_run(["python3", "-c", ASKS, str(port)])
        thread.join()
        assert (code, output) == (0, b"hello\n")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    assert list(folder.iterdir()) == []
    shared = f"container:{container.id}"
    others = engine.client.containers.list(all=True, ignore_removed=True)
    assert not [other for other in others if other.attrs["HostConfig"]["NetworkMode"] == shared]


def test_a_port_that_is_taken_in_the_container_is_told(
    container: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the error of the program in the container."""
    monkeypatch.chdir(tmp_path)
    with (
        handover.listen(container, "127.0.0.1", 4566),
        pytest.raises(OSError, match=r"no container listens in the function's network: .*Address already in use"),
    ):
        handover.listen(container, "127.0.0.1", 4566)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root on Linux mounts")
def test_a_folder_that_the_engine_does_not_see_is_found(container: Container, engine: Engine, tmp_path: Path) -> None:
    """As in a container that has the engine's socket; one that it sees is used and left as it was."""
    instance = uuid.uuid4().hex
    assert handover.sees(engine.client, tmp_path, instance)
    mounted = 'mount -t tmpfs none "$2" && exec "$0" -c "$1" "$2"'
    command = ["unshare", "--mount", "sh", "-c", mounted, sys.executable, ELSEWHERE, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
    assert list(tmp_path.iterdir()) == []
    assert engine.client.containers.list(all=True, filters={"label": f"{INSTANCE_LABEL}={instance}"}) == []
