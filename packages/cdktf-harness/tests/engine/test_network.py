"""A helper container passes sockets out of its network, which a function's container joins."""

from __future__ import annotations

import socket

from cdktf_harness.cloud.functions.forwarder import Forwarder


def test_each_listener_is_forwarded_until_its_end() -> None:
    """Also one that has the file descriptor of an earlier one, as when containers come and go."""
    with socket.create_server(("127.0.0.1", 0)) as cloud:
        cloud.settimeout(60)
        forwarder = Forwarder(cloud.getsockname()[1])
        for _ in range(3):
            listener = socket.create_server(("127.0.0.1", 0))
            address, end = listener.getsockname(), forwarder.forward(listener)
            with socket.create_connection(address) as client, cloud.accept()[0] as there:
                there.sendall(b"hello")
                assert client.recv(100) == b"hello"
            end()
            assert listener.fileno() == -1
