"""Start the bundled providers once, for many runs of Terraform."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from ..variables import KEEP_PROVIDERS, REATTACH
from .fork_server import connected, start_host

# A file with this suffix changes existing blocks and adds none (Terraform, "Override Files").
_OVERRIDE = "_override.tf.json"
# The parts of a configuration that need a provider.
_OF_PROVIDERS = ("provider", "resource", "data", "ephemeral", "action")


def can_keep(stack: str | os.PathLike[str]) -> bool:
    """Whether the stack in the folder `stack` uses a provider and is known to configure none twice (with `alias`).

    A provider that Terraform has not started is one process for all configurations, and cannot know which of them a
    request is for. Modules may contain further configurations. A provider that only the state names is not counted.
    """
    document = _document(stack)
    if document is None or "module" in document or not any(map(document.get, _OF_PROVIDERS)):
        return False
    providers = document.get("provider", {})
    return isinstance(providers, dict) and all(
        isinstance(blocks, dict) or len(blocks) == 1 for blocks in providers.values()
    )


def _document(stack: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The stack's configuration; None if it is not a single JSON file."""
    files = [
        path
        for path in Path(stack).iterdir()
        if path.name.endswith((".tf", ".tf.json")) and not path.name.endswith(_OVERRIDE)
    ]
    if [path.suffix for path in files] != [".json"]:
        return None
    try:
        document = json.loads(files[0].read_text())
    except ValueError:
        # Terraform reports the error.
        return None
    return document if isinstance(document, dict) else None


class KeptProviders:
    """The bundled providers, started in the folder `stack`, where Terraform would start them.

    Each stack needs its own: a provider has one configuration, and resolves relative paths in its working directory.
    """

    _process: subprocess.Popen[bytes] | None
    _answers: TextIO
    _address: str

    def __init__(self, stack: str | os.PathLike[str], env: Mapping[str, str]) -> None:
        self._stack = os.path.abspath(stack)
        self._env = env
        self._start()

    @property
    def address(self) -> str:
        """The value of TF_REATTACH_PROVIDERS; starts the providers again if they have ended.

        `{}` if they cannot start: Terraform then starts its own.
        """
        if self._ended():
            self.close()
            self._start()
        if not self._address:
            with suppress(ConnectionError):
                self._address = self._answers.readline()
        return self._address or "{}"

    def outlive_program(self) -> None:
        """Keep them running after an exec of this process, until the new program ends."""
        os.set_inheritable(os.dup(self._connection.fileno()), True)

    def close(self) -> None:
        """Stop them."""
        with self._connection, self._answers, suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
            self._answers.read()
        if self._process:
            self._process.wait()

    def _start(self) -> None:
        self._process, self._address = None, ""
        connection = connected(self._env)
        if connection is None:
            connection, other = socket.socketpair()
            with other:
                self._process = start_host(other, folder=self._stack, env=self._env)
        self._connection, self._answers = connection, connection.makefile()
        # Providers that cannot start are noticed when their answer is read.
        with suppress(OSError):
            connection.sendall(json.dumps({"folder": self._stack, "env": dict(self._env)}).encode() + b"\n")

    def _ended(self) -> bool:
        readable, _, _ = select.select([self._connection], [], [], 0)
        try:
            return bool(readable) and not self._connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True


class Keeper:
    """The bundled providers of any number of stacks, running until `close` if `env` has KEEP_PROVIDERS."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._kept: dict[str, KeptProviders] = {}

    def start(self, stack: str | os.PathLike[str]) -> None:
        """Start the providers of the stack in the folder `stack` in advance."""
        if self._env.get(KEEP_PROVIDERS) == "1" and os.fspath(stack) not in self._kept:
            self._kept[os.fspath(stack)] = KeptProviders(stack, self._env)

    def variables(self, stack: str | os.PathLike[str]) -> dict[str, str]:
        """The variables for Terraform in the folder `stack`; empty if Terraform must start its own providers."""
        if self._env.get(KEEP_PROVIDERS) != "1" or not can_keep(stack):
            return {}
        self.start(stack)
        return {REATTACH: self._kept[os.fspath(stack)].address}

    def close(self) -> None:
        """Stop all of them."""
        while self._kept:
            self._kept.popitem()[1].close()
