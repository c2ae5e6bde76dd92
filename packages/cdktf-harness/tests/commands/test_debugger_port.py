"""The port for debuggers serves only clients of the user who debugs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from docker import DockerClient
from http_server import Response, serving

from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment.local.debugger_proxy import HOST, Debugging

from .running import until

# As `nobody`. Arguments: the debugger's port, and a port from which root has a connection to it.
ATTACKS = """
import encodings.idna, os, socket, sys  # the user nobody may not read later imports
os.setuid(65534)
listener = socket.create_server(("127.0.0.1", 0))

def connected(source, to):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind(source)
    client.connect(to)
    return client

def attack(source, *, stays):
    with connected(source, ("127.0.0.1", int(sys.argv[1]))) as client:
        try:
            client.sendall(b"Content-Length: 2")
            if stays:
                client.recv(1)
        except OSError:
            pass

for _ in range(30):
    # It closes first, so that its port is in TIME_WAIT.
    with connected(("127.0.0.1", 0), listener.getsockname()) as first:
        source = first.getsockname()
    listener.accept()[0].close()
    attack(source, stays=True)
    attack(("127.0.0.1", 0), stays=False)
    attack(("127.0.0.2", int(sys.argv[2])), stays=True)
"""


@pytest.fixture
def served() -> list[str]:
    """A line for each connection that was served: that the engine fails."""
    return []


@pytest.fixture
def port(served: list[str], tmp_path: Path) -> Iterator[int]:
    """The port to attach to."""
    with serving(lambda _: Response(status=500)) as engine:
        client = DockerClient(f"tcp://{HOST}:{engine}", version="1.41")
        with closing(client), Debugging(client, Cloud(tmp_path), served.append).listening(0) as port:
            yield port


def attach(port: int, family: socket.AddressFamily = socket.AF_INET) -> int:
    """Connect as an editor does, with a socket of the address family, until the end; return the own port."""
    with socket.socket(family) as client:
        client.connect((HOST if family == socket.AF_INET else f"::ffff:{HOST}", port))
        with suppress(ConnectionResetError):
            client.sendall(b"Content-Length: 2")
            client.recv(1)
        return int(client.getsockname()[1])


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_client_of_the_same_user_is_served(port: int, served: list[str], family: socket.AddressFamily) -> None:
    """Also through an IPv6 socket, as Java uses it for IPv4 addresses."""
    attach(port, family)
    until(lambda: served, "service")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_a_client_of_another_user_is_refused(port: int, served: list[str]) -> None:
    """Even if root seems to own its port: a port in TIME_WAIT, a closed connection, root's port on another address."""
    with socket.create_connection((HOST, port)) as own:
        arguments = [str(port), str(own.getsockname()[1])]
        subprocess.run([sys.executable, "-c", ATTACKS, *arguments], check=True)
        assert served == []
        attach(port)
        until(lambda: served, "service")
    assert len(served) == 1
