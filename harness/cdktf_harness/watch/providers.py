"""Providers that stay up between the runs of Terraform on one stack."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.watch import provider_host


class KeptProviders:
    """The bundled providers, started in the folder `stack` as Terraform would start them.

    One for each stack: a provider has one configuration, and finds relative paths from where it was started.
    """

    def __init__(self, stack: Path, env: Mapping[str, str]) -> None:
        self._stack = stack
        self._env = env
        self._folder = tempfile.TemporaryDirectory(prefix="cdktf-harness-")
        self._process = self._start()
        self._address = ""

    def environment(self) -> dict[str, str]:
        """What tells Terraform to use them; starts them anew when they have ended."""
        if self._process.poll() is not None:
            self.close()
            self._folder = tempfile.TemporaryDirectory(prefix="cdktf-harness-")
            self._process, self._address = self._start(), ""
        if not self._address:
            assert self._process.stdout
            self._address = self._process.stdout.readline()
        # Without an address (they could not start) Terraform starts its own.
        return {"TF_REATTACH_PROVIDERS": self._address} if self._address else {}

    def close(self) -> None:
        """End them."""
        self._process.communicate()
        self._folder.cleanup()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", provider_host.__name__, self._folder.name],
            cwd=self._stack,
            env=dict(self._env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
