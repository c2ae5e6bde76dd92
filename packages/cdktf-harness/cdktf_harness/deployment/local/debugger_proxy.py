"""Pass the connections of a debugger's client on to the function's container.

The client attaches to a port of this machine's loopback. Each connection goes through `docker exec` to debugpy on the
container's own loopback: nothing else listens, and it works on Linux and macOS, for root and for users of the engine.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.errors import DockerException, NotFound
from docker.models.containers import Container
from docker.utils.socket import STDOUT, frames_iter
from requests.exceptions import RequestException

from cdktf_harness.cloud import Cloud, has_debugger
from cdktf_harness.system.errors import HarnessError

HOST = "127.0.0.1"
_POLL_SECONDS = 0.1
# In /proc/net/tcp (proc(5)), and what precedes an IPv4 address in /proc/net/tcp6.
_ESTABLISHED, _MAPPED = "01", "0000000000000000FFFF0000"
# The beginning of every message of the Debug Adapter Protocol. Requests of a web page begin otherwise.
_BEGINNING = b"Content-Length:"
# Runs in the container: waits until debugpy is ready (`sitecustomize`), without taking its place for one client; then
# passes standard input to it, and its answers to standard output.
_PASS_ON = """
import os, pathlib, socket, threading, time
while "@cdktf-harness-debugger" not in pathlib.Path("/proc/net/unix").read_text():
    time.sleep(0.1)
there = socket.create_connection(("127.0.0.1", 5678))
def send():
    while data := os.read(0, 65536):
        there.sendall(data)
    there.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := there.recv(65536):
    os.write(1, data)
"""


class Debugging:
    """The containers of `cloud` that have the debugger, and the port to attach to; `say` shows a line.

    With the name of a `function`, only its containers are attached to.
    """

    def __init__(self, client: DockerClient, cloud: Cloud, say: Callable[[str], None], function: str = "") -> None:
        self._client = client
        self._cloud = cloud
        self._say = say
        self._function = function
        self._ended = threading.Event()

    @contextmanager
    def listening(self, port: int) -> Iterator[int]:
        """Accept clients on `port` (0: a free one) while the block runs, and yield the port.

        Raises HarnessError if it is in use.
        """
        try:
            listener = socket.create_server((HOST, port))
        except OSError as error:
            raise HarnessError(f"port {port} for the debugger: {error.strerror}; choose another port") from None
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            self._ended.set()
            # It also ends `accept`, which `close` alone does not.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            self.restart()

    def restart(self) -> None:
        """Remove the containers, so that the next request starts one with what is deployed now."""
        # An engine that has ended has stopped them, too.
        with suppress(DockerException, RequestException):
            for container in self.containers():
                with suppress(NotFound):
                    container.remove(force=True, v=True)

    def containers(self) -> list[Container]:
        """Return the containers with a debugger, newest first."""
        found = self._cloud.containers(self._client, ended=False)
        return [one for one in found if has_debugger(one, self._function)]

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                if _same_user(connection):
                    threading.Thread(target=self._serve, args=[connection], daemon=True).start()
                else:
                    connection.close()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            first = connection.recv(len(_BEGINNING), socket.MSG_PEEK | socket.MSG_WAITALL)
            if first != _BEGINNING:
                return
            try:
                if container := self._awaited():
                    self._pass_on(connection, container)
            except (DockerException, RequestException) as error:
                self._say(f"the debugger cannot be reached: {error}")

    def _pass_on(self, connection: socket.socket, container: Container) -> None:
        api = self._client.api
        run = api.exec_create(container.id, ["python3", "-c", _PASS_ON], stdin=True)["Id"]
        # The answer is of another type on each platform; where there is a socket in it, that has to be closed too. The
        # response (docker 7.2 keeps it there where it can) is first: a later attempt, by Python, reports an error.
        stream: Any = api.exec_start(run, socket=True)
        there: socket.socket = getattr(stream, "_sock", stream)
        with closing(there), closing(stream), closing(getattr(stream, "_response", stream)):
            threading.Thread(target=_copy, args=[connection, there], daemon=True).start()
            for kind, data in frames_iter(stream, tty=False):  # type: ignore[no-untyped-call]
                if kind == STDOUT:
                    connection.sendall(data)
                elif lines := data.decode(errors="replace").strip().splitlines():
                    self._say(lines[-1])

    def _awaited(self) -> Container | None:
        """Return the newest container, as soon as a request lets the cloud start one; None if debugging ends before."""
        while not (found := self.containers()):
            if self._ended.wait(_POLL_SECONDS):
                return None
        return found[0]


def _copy(connection: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := connection.recv(65536):
            there.sendall(data)
    with suppress(OSError):
        there.shutdown(socket.SHUT_WR)


def _same_user(connection: socket.socket) -> bool:
    """Return whether the client of an accepted loopback connection belongs to this process's user; only on Linux.

    The kernel gives no other connection the same two endpoints while this process holds its end. The client's end must
    be established: the kernel reports root as the owner of a socket that its user has closed (TIME_WAIT, FIN_WAIT2).
    """
    if sys.platform != "linux":
        return True
    client, server = _endpoint(*connection.getpeername()), _endpoint(*connection.getsockname())
    # A client may use an IPv6 socket for an IPv4 address, as Java does.
    for table, prefix in (("tcp", ""), ("tcp6", _MAPPED)):
        with suppress(FileNotFoundError):
            # The columns: number, local address, remote address, state, queues, timer, retransmissions, user.
            for columns in map(str.split, Path("/proc/self/net", table).read_text().splitlines()):
                if columns[1:4] == [prefix + client, prefix + server, _ESTABLISHED]:
                    return int(columns[7]) == os.geteuid()
    return False


def _endpoint(host: str, port: int) -> str:
    """Return an endpoint as /proc/net/tcp shows it: the address is a number in the machine's byte order."""
    return f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"
