"""The port of an embedded cloud: reserve it, and ask whether the cloud answers on it."""

from __future__ import annotations

import errno
import random
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psutil

from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.http import send

HOST = "127.0.0.1"
# Below the ports that Linux and macOS give to outgoing connections, and Linux's Docker engine to containers (32768 and
# 49152 on). One of those could be in use when a cloud that has ended is started again on its port.
_PORTS = range(20000, 32768)
_TRIES = 100
_NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)


def healthy(port: int) -> bool:
    """Return whether a cloud answers on `port`."""
    try:
        return send(f"http://{HOST}:{port}/_localstack/health", seconds=10).status == 200
    except OSError:
        return False


def listens(pid: int, port: int) -> bool:
    """Return whether it is the process `pid` that listens on `port`."""
    with suppress(psutil.Error):
        connections = psutil.Process(pid).net_connections("tcp")
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)
    return False


def is_free(port: int) -> bool:
    """Return whether a cloud could listen on `port`."""
    with _probe() as probe:
        return _is_free_elsewhere(port) and _bound(probe, port)


@contextmanager
def held_elsewhere(port: int) -> Iterator[None]:
    """Hold `port` of IPv6's loopback while the block runs, without listening, so that clients take IPv4's.

    `localhost` may lead there first: another user of the machine who listened there would get the calls of this one.
    Raises HarnessError if it is in use.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(socket.socket(socket.AF_INET6)).bind(("::1", port))
        except OSError as error:
            if error.errno not in _NO_IPV6:
                raise _taken(port) from None
        yield


@contextmanager
def reserved(port: int) -> Iterator[int]:
    """Reserve `port` (0: a free one) until the cloud listens on it.

    Raises HarnessError if it is in use.
    """
    # A cloud's own port may have connections that ended a moment ago. A free one is for one process: with this option,
    # Linux lets several bind it that do not listen yet.
    with _probe() if port else socket.socket() as probe:
        # Not of the shared generator, which a program may have seeded, such as Hypothesis.
        wanted = [port] if port else random.SystemRandom().sample(_PORTS, _TRIES)
        if not any(_is_free_elsewhere(each) and _bound(probe, each) for each in wanted):
            raise _taken(port)
        # Now the cloud may bind it, which has this option.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = int(probe.getsockname()[1])
        if sys.platform != "linux":
            # Only Linux lets the cloud listen on a port that another socket is bound to without listening.
            probe.close()
        yield port


def _taken(port: int) -> HarnessError:
    return HarnessError(
        f"port {port} of the embedded cloud is taken by another program: stop that program, "
        "or take the deployment down and start it on another port"
    )


def _is_free_elsewhere(port: int) -> bool:
    with suppress(HarnessError), held_elsewhere(port):
        return True
    return False


def _probe() -> socket.socket:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe


def _bound(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind((HOST, port))
    except OSError:
        return False
    return True
