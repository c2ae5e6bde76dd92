"""Changes to the HTTP server (hypercorn 0.18, h11 0.16).

ASGI has neither the TCP connection of a request nor the answer to `Expect: 100-continue`: hypercorn asks for the body
before the application has seen the headers. Hypercorn keeps a connection that its client has closed until the idle
time-out, which ministack sets to 75 s (app.py 4025): `run` waits for the task that `_read_data` leaves behind
(asyncio/tcp_server.py 63). A program that opens a connection for each request reaches the limit of open files within
that time. ministack gives each answer a Content-Length (app.py 833); with status 204, RFC 9110, 8.6, forbids it.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

import h11
from hypercorn.asyncio.tcp_server import TCPServer
from ministack import app as upstream  # type: ignore[import-untyped]

from cdktf_harness.cloud.asgi import Message, Receive, Send
from cdktf_harness.cloud.replacing import replaces

current: ContextVar[asyncio.Transport] = ContextVar("current")


def install() -> None:
    """Change the server of this process."""
    run, read, wait = TCPServer.run, TCPServer._read_data, TCPServer._idle_timeout

    async def run_with_connection(self: TCPServer) -> None:
        current.set(self.writer.transport)  # type: ignore[arg-type]
        await run(self)

    async def read_to_the_end(self: TCPServer) -> None:
        await read(self)
        await self.idle_task.stop()

    async def wait_for_open(self: TCPServer) -> None:
        # The answer to a request may begin the wait after the client has gone.
        if not self.reader.at_eof():
            await wait(self)

    @replaces(upstream, "_send_response")
    async def answer(
        original: Any, send: Send, status: int, headers: dict[str, Any], body: Any, *, head: bool = False
    ) -> None:
        if status < 200:
            # A MOCK integration may name one; it is no answer, and the client would wait for another.
            status, body = 500, b'{"message": "Internal server error"}'
        if status == 204:
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        # To a HEAD request, it adds no length.
        await original(send, status, headers, body, head=head or status == 204)

    TCPServer.run = run_with_connection  # type: ignore[method-assign]
    TCPServer._read_data = read_to_the_end  # type: ignore[method-assign]
    TCPServer._idle_timeout = wait_for_open  # type: ignore[method-assign]
    h11.Connection.they_are_waiting_for_100_continue = False  # type: ignore[method-assign,assignment]


class Incoming:
    """The body of a request; if the client expects that, it is asked for it when it is first read."""

    def __init__(self, receive: Receive, *, expected: bool) -> None:
        self._receive = receive
        self._waits = expected
        self._complete = False

    async def __call__(self) -> Message:
        """Return the next part."""
        if self._waits:
            self._waits = False
            current.get().write(b"HTTP/1.1 100 Continue\r\n\r\n")
        message = await self._receive()
        self._complete = not message.get("more_body")
        return message

    async def discard(self) -> None:
        """Read the rest; nothing if the client has not been asked for it."""
        while not (self._complete or self._waits):
            await self()
