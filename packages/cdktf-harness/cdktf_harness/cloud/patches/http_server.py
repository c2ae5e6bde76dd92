"""HTTP: the server closes a connection when its client does, and an answer without content has no length.

Hypercorn 0.18.0 keeps a connection until the idle time-out, which ministack sets to 75 s (app.py 4025): `run` waits for
the task that `_read_data` leaves behind (asyncio/tcp_server.py 63). A program that opens a connection for each request
reaches the limit of open files within that time.

ministack gives each answer a Content-Length (app.py 833), which RFC 9110, 8.6, does not allow for status 204.
"""

from __future__ import annotations

from typing import Any

from hypercorn.asyncio.tcp_server import TCPServer
from ministack import app as upstream  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_read, _wait = TCPServer._read_data, TCPServer._idle_timeout


async def _read_to_the_end(self: TCPServer) -> None:
    await _read(self)
    await self.idle_task.stop()


async def _wait_for_open(self: TCPServer) -> None:
    # The answer to a request may begin the wait after the client has gone.
    if not self.reader.at_eof():
        await _wait(self)


@replaces(upstream, "_send_response")
async def _send(
    original: Any, send: Any, status: int, headers: dict[str, Any], body: Any, *, head: bool = False
) -> None:
    if status == 204:
        headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    # To a HEAD request, it adds no length.
    await original(send, status, headers, body, head=head or status == 204)


TCPServer._read_data = _read_to_the_end  # type: ignore[method-assign]
TCPServer._idle_timeout = _wait_for_open  # type: ignore[method-assign]
