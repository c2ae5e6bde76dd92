"""The bundled providers, kept up for as many runs of Terraform as somebody wants."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping


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
            [sys.executable, "-m", "cdktf_harness.providers.host"],
            cwd=self._stack,
            env=dict(self._env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
