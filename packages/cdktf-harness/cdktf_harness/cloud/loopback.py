"""A way from a function's container to the embedded cloud, which listens on this machine's loopback and nowhere else.

A container has a loopback of its own, which nobody outside of it can reach. The process of the cloud enters the
container's network for as long as it takes to listen there, on the cloud's own port, and passes on what arrives. So the
function reaches the cloud at the address that everybody has, `localhost:PORT`, and nobody else gets any nearer.

That takes root on Linux, and an engine on the same kernel; who is not root has `handover`. Docker Desktop has a way of
its own, host.docker.internal.

Source: Linux man-pages, setns(2) and network_namespaces(7).
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import platform
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import FileIO
from threading import Thread
from typing import Any

from docker import DockerClient
from docker.models.containers import Container

HOST = "127.0.0.1"
# What ministack 1.5 calls the machine in the variables of a container; with this, it is the container's loopback.
FLAGS = f" --add-host host.docker.internal:{HOST}"
# What the Lambda emulator listens on in the container: a cloud on one of these is out of its functions' reach.
EMULATOR_PORTS = (8080, 9001)
Listen = Callable[[Container, str, int], socket.socket]
"""Gives a socket that listens on a host and port in the network of a running container. Raises OSError."""
_CLONE_NEWNET = 0x40000000
_CHUNK = 1 << 16


@cache
def possible(client: DockerClient) -> bool:
    """Whether this process can enter the networks of the engine's containers."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    return bool(client.info()["KernelVersion"] == platform.release())


class Loopbacks:
    """The loopbacks of containers, whose `port` leads to the same port of this machine's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._servers: dict[str, asyncio.Server] = {}
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="loopbacks", daemon=True).start()

    def open(self, container: Container, listen: Listen) -> None:
        """Lead a running container's loopback here. Raises OSError when nothing can listen in its network."""
        listener = listen(container, HOST, self._port)
        serving = asyncio.start_server(self._pass_on, sock=listener)
        self._servers[str(container.id)] = asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def close(self, container: Container) -> None:
        """Leave the network of a container that has ended."""
        if server := self._servers.pop(str(container.id), None):
            self._loop.call_soon_threadsafe(server.close)

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            there = await asyncio.open_connection(HOST, self._port)
        except OSError:
            writer.close()
        else:
            await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


def listen(container: Container, host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port` in the network of a running container. Raises OSError."""
    container.reload()
    found: list[Any] = []

    def enter() -> None:
        try:
            with _network(container) as network:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(network.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            found.append(socket.create_server((host, port)))
        except OSError as error:
            found.append(error)

    # A thread that ends: the network is the thread's, the socket stays in it.
    thread = Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(found[0], OSError):
        raise found[0]
    listener: socket.socket = found[0]
    return listener


def _network(container: Container) -> FileIO:
    """The network of a container. Raises OSError where the engine's number of its process is not this machine's.

    An engine on another machine, or in another namespace of processes, counts processes on its own. The process of a
    container is known by its files: engines mount some from a folder that is named after the container.
    """
    pid = container.attrs["State"]["Pid"]
    # The folder is that of one process, also when the number has gone to another one since.
    process = os.open(f"/proc/{pid}", os.O_RDONLY | os.O_DIRECTORY)
    try:
        network = FileIO(os.open("ns/net", os.O_RDONLY, dir_fd=process))
        with FileIO(os.open("mountinfo", os.O_RDONLY, dir_fd=process)) as mounts:
            if f"/{container.id}/".encode() in mounts.readall():
                return network
        network.close()
    finally:
        os.close(process)
    raise OSError(f"process {pid} is not that of the container: the engine is on another machine or in a container")
