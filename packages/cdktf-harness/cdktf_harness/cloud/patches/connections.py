"""Connections: the server closes a connection when its client does.

Hypercorn 0.18.0 keeps it until the idle time-out, which ministack sets to 75 s (app.py 4025):
`run` waits for the task that `_read_data` leaves behind (asyncio/tcp_server.py 63). A program that opens a connection
for each request reaches the limit of open files within that time.
"""

from __future__ import annotations

from hypercorn.asyncio.tcp_server import TCPServer

_read, _wait = TCPServer._read_data, TCPServer._idle_timeout


async def _read_to_the_end(self: TCPServer) -> None:
    await _read(self)
    await self.idle_task.stop()


async def _wait_for_open(self: TCPServer) -> None:
    # The answer to a request may begin the wait after the client has gone.
    if not self.reader.at_eof():
        await _wait(self)


TCPServer._read_data = _read_to_the_end  # type: ignore[method-assign]
TCPServer._idle_timeout = _wait_for_open  # type: ignore[method-assign]
