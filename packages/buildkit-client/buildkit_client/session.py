"""A client session with BuildKit, through which the engine reads the build context.

After `POST /session` the engine uses the same connection for HTTP/2, as the client: it calls gRPC methods of this
process. grpcio cannot serve on an existing connection, so two threads forward its bytes to a gRPC server on a socket in
a private folder. (Sending the context in the body of `POST /build` would be simpler, but fails on the containerd image
store: "failed to read downloaded context". Also, `COPY . .` would copy the Dockerfile from such an archive.)

Source: github.com/moby/buildkit, session/grpc.go; docker's API: POST /session.
"""

from __future__ import annotations

import os
import socket
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Thread
from typing import Any

import grpc
from docker import APIClient
from requests import Response

from buildkit_client import filesync

_CHUNK = 1 << 20
_HEALTHY = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}; asked every 5 s


@contextmanager
def offer(client: APIClient, folders: Mapping[str, Iterable[filesync.Entry]]) -> Iterator[str]:
    """Serve folders by name to the engine's BuildKit; yields the parameter `session` of `POST /build`."""
    session = uuid.uuid4().hex
    with ExitStack() as stack:
        server = grpc.server(stack.enter_context(ThreadPoolExecutor(4)))
        server.add_generic_rpc_handlers((filesync.handler(folders), _health()))
        inner = stack.enter_context(socket.socket(socket.AF_UNIX))
        # Removed at once: it would stay where this process is killed.
        with tempfile.TemporaryDirectory(prefix="cdktf-harness-", dir=_place()) as folder:
            server.add_insecure_port(f"unix:{folder}/session")
            server.start()
            stack.callback(lambda: server.stop(grace=None).wait())
            inner.connect(f"{folder}/session")
        response = stack.enter_context(closing(_open(client, session)))
        # requests (2.x, on http.client) has no public access to an upgraded connection, so use private attributes of
        # urllib3's response. Read from the buffered reader, not the socket: it may have buffered bytes already.
        reader: Any = response.raw._fp.fp  # type: ignore[union-attr]
        outer: socket.socket = stack.enter_context(closing(reader.raw._sock))
        pumps = [
            Thread(target=_pump, args=(lambda: reader.read1(_CHUNK), inner), daemon=True),
            Thread(target=_pump, args=(lambda: inner.recv(_CHUNK), outer), daemon=True),
        ]
        for pump in pumps:
            pump.start()
            stack.callback(pump.join)
        stack.callback(_shut, outer)
        stack.callback(_shut, inner)
        yield session


def _place() -> str:
    """Return the folder for temporary files, or another one if its path is too long for a socket (about 100 bytes)."""
    place = tempfile.gettempdir()
    return place if len(os.fsencode(place)) < 70 else "/tmp"


def _health() -> grpc.GenericRpcHandler:
    check = grpc.unary_unary_rpc_method_handler(lambda *_: _HEALTHY)
    return grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": check})


def _open(client: APIClient, session_id: str) -> Response:
    response = client.post(
        f"{client.base_url}/v{client.api_version}/session",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "h2c",
            "X-Docker-Expose-Session-Uuid": session_id,
            "X-Docker-Expose-Session-Name": "cdktf-harness",
            # A new key per session: BuildKit compares files of sessions with the same key only by size and time.
            "X-Docker-Expose-Session-Sharedkey": session_id,
            "X-Docker-Expose-Session-Grpc-Method": filesync.METHOD,
        },
        stream=True,
    )
    response.raise_for_status()
    return response


def _pump(read: Any, write: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while data := read():
            write.sendall(data)
    _shut(write)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
