"""The bundled providers, kept up for as many runs of Terraform as somebody wants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..variables import KEEP_PROVIDERS, REATTACH

# A file with this end changes configurations that there are, and adds none (Terraform, "Override Files").
_OVERRIDE = "_override.tf.json"
# The parts of a configuration that need one.
_OF_PROVIDERS = ("provider", "resource", "data", "ephemeral", "action", "module")


def can_keep(stack: str | os.PathLike[str]) -> bool:
    """Whether the stack in the folder `stack` is known to configure no provider twice, as an `alias` does.

    A provider that Terraform has not started itself is one process for all of its configurations, and cannot tell
    which of them a request is for. Modules may have configurations of their own.
    """
    document = _document(stack)
    if document is None:
        return False
    providers = document.get("provider", {})
    return (
        "module" not in document
        and isinstance(providers, dict)
        and all(isinstance(blocks, dict) or len(blocks) == 1 for blocks in providers.values())
    )


def names_any(stack: str | os.PathLike[str]) -> bool:
    """Whether the stack in the folder `stack` may name something of a provider; one that does not may in its state."""
    document = _document(stack)
    return document is None or any(map(document.get, _OF_PROVIDERS))


def _document(stack: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The stack's configuration, where that is one file of JSON."""
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
        # Terraform will say so.
        return None
    return document if isinstance(document, dict) else None


class KeptProviders:
    """The bundled providers, started in the folder `stack` as Terraform would start them.

    One for each stack: a provider has one configuration, and finds relative paths from where it was started.
    """

    def __init__(self, stack: str | os.PathLike[str], env: Mapping[str, str]) -> None:
        self._stack = stack
        self._env = env
        self._process = self._start()
        self._address = ""

    @property
    def address(self) -> str:
        """The value of TF_REATTACH_PROVIDERS that makes Terraform use them; starts them anew when they have ended.

        Without any (`{}`: they could not start) Terraform starts its own.
        """
        if self._process.poll() is not None:
            self.close()
            self._process, self._address = self._start(), ""
        if not self._address:
            assert self._process.stdout
            self._address = self._process.stdout.readline()
        return self._address or "{}"

    def outlive_program(self) -> None:
        """Let them stay when this process turns into another program (exec), for as long as that lives."""
        assert self._process.stdin
        os.set_inheritable(self._process.stdin.fileno(), True)

    def close(self) -> None:
        """End them."""
        self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "terraform_standins.serving.host"],
            cwd=self._stack,
            env=dict(self._env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


class Keeper:
    """The bundled providers of any number of stacks, kept up until `close` where `env` says that they are to be."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._kept: dict[str, KeptProviders] = {}

    def start(self, stack: str | os.PathLike[str]) -> None:
        """Start those of the stack in the folder `stack`, before they are needed."""
        if self._env.get(KEEP_PROVIDERS) == "1" and os.fspath(stack) not in self._kept:
            self._kept[os.fspath(stack)] = KeptProviders(stack, self._env)

    def variables(self, stack: str | os.PathLike[str]) -> dict[str, str]:
        """What makes Terraform use them in the folder `stack`; nothing where it has to start its own."""
        if self._env.get(KEEP_PROVIDERS) != "1" or not can_keep(stack):
            return {}
        self.start(stack)
        return {REATTACH: self._kept[os.fspath(stack)].address}

    def close(self) -> None:
        """End all of them."""
        while self._kept:
            self._kept.popitem()[1].close()
