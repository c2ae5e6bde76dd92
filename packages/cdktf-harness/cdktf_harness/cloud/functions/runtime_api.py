"""The Lambda Runtime API for one function's container.

A runtime asks for the next event, and sends the response with another request, over one connection in most languages.
One thread at a time serves a container, so sockets are read where the result is needed, without an event loop.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

NEXT, INIT_ERROR = "/2018-06-01/runtime/invocation/next", "/2018-06-01/runtime/init/error"
_INVOCATION = "/2018-06-01/runtime/invocation/"
# The limit of a response: 6 MB, and what surrounds it.
RESPONSE_BYTES = 6 * (1 << 20) + 100
# What the code of a function may let this process keep: the start of a request, and its connections.
_KEPT_BYTES, _CONNECTIONS = RESPONSE_BYTES + (1 << 18), 16
_CHUNK = 1 << 18
# For answers that the socket's buffer has no room for, since their reader leaves others unread.
_SEND_SECONDS = 1
_PHRASES = {200: "OK", 202: "Accepted", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 413: "Too Large"}


class RuntimeEnded(Exception):
    """The container has ended."""


class InitFailed(Exception):
    """The runtime reported that the function cannot be started."""

    def __init__(self, error: Any) -> None:
        super().__init__()
        self.error = error


@dataclass
class _Connection:
    socket: socket.socket
    data: bytearray = field(default_factory=bytearray)
    # How many bytes more were received, which are of no use: the body is too large.
    more: int = 0
    continued: bool = False

    def closed(self) -> bool:
        """Return whether the other side has closed it, as after its own time-out."""
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def answer(self, status: int, headers: Mapping[str, str], body: bytes, seconds: float = _SEND_SECONDS) -> None:
        """Send an answer within `seconds`. Raises OSError; TimeoutError if the other side does not read it."""
        lines = [f"HTTP/1.1 {status} {_PHRASES[status]}", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "", ""])
        self.send(head.encode("latin-1", "replace") + body, seconds)

    def send(self, data: bytes, seconds: float = _SEND_SECONDS) -> None:
        # Almost all answers fit into the socket's buffer.
        sent = 0
        with suppress(BlockingIOError):
            sent = self.socket.send(data)
        if sent < len(data):
            self.socket.settimeout(seconds)
            try:
                self.socket.sendall(memoryview(data)[sent:])
            finally:
                self.socket.setblocking(False)


@dataclass(frozen=True)
class _Request:
    connection: _Connection
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def accept(self) -> None:
        self._answer(202, b'{"status":"OK"}\n')

    def refuse(self, status: int, kind: str) -> None:
        self._answer(status, json.dumps({"errorMessage": kind, "errorType": kind}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        # The next read finds a connection that has ended.
        with suppress(OSError):
            self.connection.answer(status, {}, body)


class RuntimeApi:
    """Serves a runtime on `listener`; refuses requests that do not name `host` as theirs, if given."""

    def __init__(self, listener: socket.socket, host: str = "") -> None:
        self._listener, self._host = listener, host
        self._waiting: _Connection | None = None
        # Another thread ends a wait by it.
        self._ended, self._end = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for each in (listener, self._ended):
            self._selector.register(each, selectors.EVENT_READ)

    def end(self) -> None:
        """Let RuntimeEnded be raised by what waits and by what will."""
        with suppress(OSError):
            self._end.send(b".")

    def close(self) -> None:
        """Close all sockets."""
        with suppress(RuntimeError):
            for key in [*self._selector.get_map().values()]:
                key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()
        self._end.close()

    def wait(self, deadline: float) -> None:
        """Wait until the runtime asks for an event. Raises TimeoutError, RuntimeEnded or InitFailed."""
        while not self._waiting or self._waiting.closed():
            request = self._receive(deadline)
            if (request.method, request.path) == ("GET", NEXT):
                self._waiting = request.connection
            elif (request.method, request.path) == ("POST", INIT_ERROR):
                request.accept()
                raise InitFailed(_parsed(request.body))
            else:
                # Such as a second response to an event.
                request.refuse(400 if request.path.startswith(_INVOCATION) else 404, "InvalidRequestID")

    def invoke(self, request_id: str, headers: Mapping[str, str], event: bytes, deadline: float) -> tuple[bool, bytes]:
        """Hand over an event and return whether the function succeeded, and the response or error.

        `wait` must have returned. Raises TimeoutError or RuntimeEnded.
        """
        connection, self._waiting = self._waiting, None
        assert connection
        try:
            named = {"Lambda-Runtime-Aws-Request-Id": request_id, **headers}
            connection.answer(200, named, event, max(deadline - time.monotonic(), 0.001))
        except TimeoutError:
            raise TimeoutError from None
        except OSError:
            # Its reader has ended, as the container soon will.
            self._drop(connection)
        while True:
            request = self._receive(deadline)
            end = request.path.removeprefix(f"{_INVOCATION}{request_id}/")
            if request.method == "POST" and end == "response" and len(request.body) > RESPONSE_BYTES:
                request.refuse(413, "RequestEntityTooLarge")
                return False, json.dumps(_TOO_LARGE).encode()
            if request.method == "POST" and end in {"response", "error"}:
                request.accept()
                return end == "response", request.body
            if (request.method, request.path) == ("GET", NEXT):
                # A runtime that has started again by itself; the event is lost.
                self._waiting = request.connection
            else:
                request.refuse(404, "InvalidRequestID")

    def _receive(self, deadline: float) -> _Request:
        while True:
            ready = [key.fileobj for key, _ in self._selector.select(max(deadline - time.monotonic(), 0))]
            for each in ready:
                if each is self._listener:
                    self._accept()
                elif each is not self._ended and (request := self._read(self._selector.get_key(each).data)):
                    return request
            # After what the runtime sent before it ended.
            if ready == [self._ended]:
                raise RuntimeEnded
            if not ready or time.monotonic() > deadline:
                raise TimeoutError

    def _accept(self) -> None:
        accepted, _ = self._listener.accept()
        if len(self._selector.get_map()) > _CONNECTIONS:
            accepted.close()
            return
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(accepted, selectors.EVENT_READ, _Connection(accepted))

    def _read(self, connection: _Connection) -> _Request | None:
        """Read what has arrived; return a request if that completes one."""
        try:
            data = connection.socket.recv(_CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return None
        connection.data += data
        connection.more += max(len(connection.data) - _KEPT_BYTES, 0)
        del connection.data[_KEPT_BYTES:]
        try:
            request = _request(connection)
        except (OSError, ValueError):
            # It is from the function's own code, not from a runtime.
            self._drop(connection)
            return None
        if request and self._host and request.headers.get("host") != self._host:
            request.refuse(403, "Forbidden")
            self._drop(connection)
            return None
        return request

    def _drop(self, connection: _Connection) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.socket)
        connection.socket.close()
        if self._waiting is connection:
            self._waiting = None


_TOO_LARGE = {
    "errorType": "Function.ResponseSizeTooLarge",
    "errorMessage": f"Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes).",
}


def _request(connection: _Connection) -> _Request | None:
    """Take a request out of what was received, if it is complete."""
    head, end, rest = connection.data.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, *_ = [*first.split(" "), "", ""]
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        if connection.more:
            raise ValueError
        body = _joined(rest)
    else:
        length = int(headers.get("content-length") or 0)
        body = bytes(rest[:length]) if len(rest) + connection.more >= length else None
    if body is None:
        if headers.get("expect") and not connection.continued:
            connection.continued = True
            connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None
    # A runtime sends a request after the answer to the one before.
    connection.data.clear()
    connection.more, connection.continued = 0, False
    return _Request(connection, method, path, headers, body)


def _joined(data: bytearray) -> bytes | None:
    """Join the chunks of a body; None if the last one is missing."""
    body, position = bytearray(), 0
    while (end := data.find(b"\r\n", position)) >= 0:
        if (size := int(data[position:end].partition(b";")[0], 16)) < 0:
            raise ValueError
        start, position = end + 2, end + 2 + size + 2
        if size == 0:
            # After the last chunk come trailers, of which there are mostly none, and an empty line.
            return bytes(body) if data.find(b"\r\n\r\n", end) >= 0 else None
        body += data[start : start + size]
    return None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"errorType": "Runtime.Unknown", "errorMessage": body.decode(errors="replace")}
