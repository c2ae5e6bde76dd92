"""Connections from containers' networks to this machine's loopback."""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from cdktf_harness.cloud.functions.network import HOST

_CHUNK = 1 << 16


class Forwarder:
    """Forwards connections to sockets in containers' networks to `port` of this machine's loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="forwarder", daemon=True).start()

    def forward(self, listener: socket.socket) -> Callable[[], object]:
        """Forward what connects to `listener`; return what ends that and closes it."""
        serving = asyncio.start_server(lambda reader, writer: relay(reader, writer, self.port), sock=listener)
        server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()
        # Wait for the end: a socket that is closed before would leave its descriptor, which is reused, with the loop.
        return lambda: asyncio.run_coroutine_threadsafe(_close(server), self._loop).result()


async def relay(reader: StreamReader, writer: StreamWriter, port: int) -> None:
    """Pass on a connection to `port` of this machine's loopback, or close it if nothing listens there."""
    try:
        there = await asyncio.open_connection(HOST, port)
    except OSError:
        writer.close()
    else:
        await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))


async def _close(server: asyncio.Server) -> None:
    server.close()


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
