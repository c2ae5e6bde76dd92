"""A process from which providers are forked: a start of their own takes half a second, most of it imports."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from ..protocol.sockets import private_folder
from ..variables import FORK_SERVER

# Variables that a start of Python heeds and a fork does not: they say which libraries it loads.
_READ_AT_START = ("PYTHONHOME", "LD_", "DYLD_")
_WAITING = 64


class ForkServer:
    """Forks the providers of every program with `variables` in its environment, until `close` or this process ends.

    Its socket is in a private folder in `place`, or else in a folder for temporary files.
    """

    def __init__(self, place: Path | None = None) -> None:
        with ExitStack() as stack:
            path = stack.enter_context(private_folder(place)) / "fork"
            self._connection, other = socket.socketpair()
            with other, socket.socket(socket.AF_UNIX) as listener:
                listener.bind(str(path))
                listener.listen(_WAITING)
                self._process = start_host(other, listener, folder="/", env=os.environ)
            self._open = stack.pop_all()
        self.variables = {FORK_SERVER: json.dumps([str(path), *_identity(os.environ)])}

    def close(self) -> None:
        """Stop it; the providers that it has forked keep running."""
        with self._open:
            self._connection.close()
            self._process.wait()


def connected(env: Mapping[str, str]) -> socket.socket | None:
    """A connection to a host forked from the fork server of `env`; None if it has none for this program."""
    path, *identity = json.loads(env.get(FORK_SERVER) or '[""]')
    if not path or identity != _identity(env):
        return None
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError:
        # It has ended with its owner, whose environment this program has.
        connection.close()
        return None
    return connection


def start_host(
    *sockets: socket.socket, folder: str | os.PathLike[str], env: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a host of providers, or with two sockets a fork server (see `serving.host`)."""
    descriptors = [each.fileno() for each in sockets]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "terraform_standins.serving.host", *map(str, descriptors)],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
    )


def _identity(env: Mapping[str, str]) -> list[str]:
    """What a forked process has from its parent, whatever its environment says."""
    read = sorted(f"{name}={env[name]}" for name in env if name.startswith(_READ_AT_START))
    return [sys.executable, __file__, *read, *_namespaces()]


def _namespaces() -> list[str]:
    # In another network namespace, a provider does not reach the cloud of the program that connects.
    try:
        return [os.readlink(f"/proc/self/ns/{name}") for name in ("mnt", "net", "pid")]
    except FileNotFoundError:
        # Not on Linux.
        return []
