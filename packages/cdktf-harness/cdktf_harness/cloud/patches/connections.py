"""Connections: one that its client has closed ends at once.

Hypercorn 0.18.0 keeps it until its time for idle connections is over, for which ministack sets 75 s (app.py 4025):
`run` waits for the task that `_read_data` leaves behind (asyncio/tcp_server.py 63). A program that opens a connection
for each request reaches the limit of open files within that time.
"""

from __future__ import annotations

from hypercorn.asyncio.tcp_server import TCPServer


def install() -> None:
    """Change the server of this process."""
    read, wait = TCPServer._read_data, TCPServer._idle_timeout

    async def read_to_the_end(self: TCPServer) -> None:
        await read(self)
        await self.idle_task.stop()

    async def wait_for_open(self: TCPServer) -> None:
        # The answer to a request may begin the wait after the client has gone.
        if not self.reader.at_eof():
            await wait(self)

    TCPServer._read_data = read_to_the_end  # type: ignore[method-assign]
    TCPServer._idle_timeout = wait_for_open  # type: ignore[method-assign]
