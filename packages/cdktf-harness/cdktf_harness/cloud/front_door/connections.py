"""The TCP connection of a request, and the answer to `Expect: 100-continue` (hypercorn 0.18, h11 0.16).

ASGI has neither. Hypercorn asks for the body before the application has seen the headers.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

import h11
from hypercorn.asyncio.tcp_server import TCPServer

from cdktf_harness.cloud.asgi import Message, Receive, header

current: ContextVar[asyncio.Transport] = ContextVar("current")


def install() -> None:
    """Make the transport of each request available in this process, and leave asking for the body to the front door."""
    run = TCPServer.run

    async def run_with_connection(self: TCPServer) -> None:
        current.set(self.writer.transport)  # type: ignore[arg-type]
        await run(self)

    TCPServer.run = run_with_connection  # type: ignore[method-assign]
    h11.Connection.they_are_waiting_for_100_continue = False  # type: ignore[method-assign,assignment]


class Incoming:
    """The body of a request; the client is asked for it when it is first read."""

    def __init__(self, scope: Message, receive: Receive) -> None:
        self._receive = receive
        self._waits = scope["http_version"] == "1.1" and header(scope, "expect").lower() == "100-continue"
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
