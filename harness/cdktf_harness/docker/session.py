"""A client session with BuildKit, through which the engine fetches the build context.

The session is a connection that the engine turns round: after `POST /session` it speaks HTTP/2 and calls gRPC methods
on us. grpcio cannot serve on a connection that exists already, so its bytes are handed on to a server on a socket in a
folder of our own. (The context in the body of `POST /build` would be simpler, and fails on the containerd image store:
"failed to read downloaded context".)

Source: github.com/moby/buildkit, session/grpc.go and session/upload; docker's API: POST /session.
"""

from __future__ import annotations

import socket
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, NamedTuple

import grpc
from docker import APIClient
from requests import Response

from cdktf_harness.docker import buildkit_pb2 as pb

_PULL = "/moby.upload.v1.Upload/Pull"
_CHUNK = 1 << 20
_HEALTHY = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}; asked every 5 s


class Session(NamedTuple):
    """What `POST /build` needs to know: the parameters `session` and `remote`."""

    id: str
    remote: str


@contextmanager
def upload(client: APIClient, archive: IO[bytes]) -> Iterator[Session]:
    """Offer `archive`, a tar file, to the engine's BuildKit as a build context."""
    name = uuid.uuid4().hex
    # An address of its own: BuildKit takes two builds of one address at the same time for one build.
    session = Session(name, f"http://buildkit-session/{name}")
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cdktf-harness-"))) / "session"
        server = grpc.server(stack.enter_context(ThreadPoolExecutor(4)))
        server.add_generic_rpc_handlers(_handlers(archive))
        server.add_insecure_port(f"unix:{path}")
        server.start()
        stack.callback(lambda: server.stop(grace=None).wait())
        inner = stack.enter_context(socket.socket(socket.AF_UNIX))
        inner.connect(str(path))
        response = stack.enter_context(closing(_open(client, session.id)))
        # requests has no public way to a connection that was upgraded. The reader may hold bytes already.
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


def _handlers(archive: IO[bytes]) -> tuple[grpc.GenericRpcHandler, ...]:
    def pull(_requests: Any, _context: grpc.ServicerContext) -> Iterator[pb.BytesMessage]:
        archive.seek(0)
        while chunk := archive.read(_CHUNK):
            yield pb.BytesMessage(data=chunk)

    _, service, method = _PULL.split("/")
    serialize = pb.BytesMessage.SerializeToString
    return (
        grpc.method_handlers_generic_handler(
            service, {method: grpc.stream_stream_rpc_method_handler(pull, response_serializer=serialize)}
        ),
        grpc.method_handlers_generic_handler(
            "grpc.health.v1.Health", {"Check": grpc.unary_unary_rpc_method_handler(lambda *_: _HEALTHY)}
        ),
    )


def _open(client: APIClient, session_id: str) -> Response:
    response = client.post(
        f"{client.base_url}/v{client.api_version}/session",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "h2c",
            "X-Docker-Expose-Session-Uuid": session_id,
            "X-Docker-Expose-Session-Name": "cdktf-harness",
            "X-Docker-Expose-Session-Grpc-Method": _PULL,
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
