"""An HTTP server in the process of a test."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


@dataclass(frozen=True)
class Request:
    """A request of any method."""

    method: str
    path: str
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Response:
    """What the server answers."""

    # A body in parts has no length in the headers.
    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def serving(respond: Callable[[Request], Response], certificate: Path | None = None) -> Iterator[int]:
    """Answer requests on a free port of the loopback with `respond`; yield the port.

    Over TLS with `certificate`, a file with its key and the certificate.
    """

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            response = respond(Request(self.command, self.path, self.headers, body))
            self.send_response(response.status)
            length = {"Content-Length": str(len(response.body))} if isinstance(response.body, bytes) else {}
            for name, value in {**length, **response.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            # The client may have read enough.
            with suppress(OSError):
                self.wfile.writelines([response.body] if isinstance(response.body, bytes) else response.body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.respond
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
