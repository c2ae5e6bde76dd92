"""Forward connections from a function's container to the embedded cloud on this machine's loopback.

A container has its own loopback, which cannot be reached from outside. The cloud's process enters the container's
network namespace to listen there on the cloud's port, and forwards connections to itself. So functions use the same
address as all other clients, `localhost:PORT`, and the cloud stays bound to the host's loopback.

This needs root on Linux and an engine on the same kernel and in the same PID namespace. Without, see `handover`. Docker
Desktop has host.docker.internal instead.

Source: Linux man-pages, setns(2), network_namespaces(7), unix(7) (SO_PEERCRED).
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import platform
import socket
import struct
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import FileIO
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

HOST = "127.0.0.1"
# ministack 1.5 names the host so in the variables of a container; map the name to the container's loopback.
FLAGS = f" --add-host host.docker.internal:{HOST}"
# Ports of the Lambda emulator in the container: functions cannot reach a cloud on one of these.
EMULATOR_PORTS = (8080, 9001)
Listen = Callable[["Container", str, int], socket.socket]
"""Returns a socket that listens in the network of a running container. Raises OSError if that fails."""
_CLONE_NEWNET = 0x40000000
_CHUNK = 1 << 16


@cache
def possible(client: DockerClient) -> bool:
    """Return whether this process can enter the network namespaces of the engine's containers."""
    if sys.platform != "linux" or os.geteuid() != 0 or not _numbers_are_shared(client):
        return False
    return bool(client.info()["KernelVersion"] == platform.release())


def _numbers_are_shared(client: DockerClient) -> bool:
    """Whether the engine's process ids are those of this process, as far as its socket tells; `listen` checks again."""
    path = getattr(client.api.get_adapter(client.api.base_url), "socket_path", None)
    if not path:
        return True
    with socket.socket(socket.AF_UNIX) as engine:
        engine.connect(path)
        pid, _, _ = struct.unpack("3i", engine.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    # 0 if the process that listens is not in this namespace; that may be systemd's.
    try:
        return bool(pid) and os.readlink(f"/proc/{pid}/ns/pid") == os.readlink("/proc/self/ns/pid")
    except OSError:
        # It has ended, or this process may not look at others.
        return False


class Loopbacks:
    """Forwards `port` on the loopback of containers to the same port on this machine's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._servers: dict[str, asyncio.Server] = {}
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="loopbacks", daemon=True).start()

    def open(self, container: Container, listen: Listen) -> None:
        """Start forwarding for a running container. Raises OSError if listening in its network fails."""
        listener = listen(container, HOST, self._port)
        serving = asyncio.start_server(self._pass_on, sock=listener)
        self._servers[str(container.id)] = asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def close(self, container: Container) -> None:
        """Stop forwarding for a container."""
        if server := self._servers.pop(str(container.id), None):
            self._loop.call_soon_threadsafe(server.close)

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        await relay(reader, writer, self._port)


async def relay(reader: StreamReader, writer: StreamWriter, port: int) -> None:
    """Pass on a connection to `port` of this machine's loopback, or close it if nothing listens there."""
    try:
        there = await asyncio.open_connection(HOST, port)
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
    """Return a socket that listens in the network of a running container. Raises OSError if that fails."""
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

    # In a thread of its own: the namespace changes for the thread only, and the socket stays in it.
    thread = Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(found[0], OSError):
        raise found[0]
    listener: socket.socket = found[0]
    return listener


def _network(container: Container) -> FileIO:
    """Open the network namespace of a container. Raises OSError if the process id is not that of the container.

    An engine on another machine, or in another PID namespace, reports ids that name other processes here. The process
    of a container is identified by its mounts: engines mount files from a folder that is named after the container.
    """
    pid = container.attrs["State"]["Pid"]
    # The descriptor stays that of the same process even if its id is reused.
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
