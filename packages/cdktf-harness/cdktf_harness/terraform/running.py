"""Terraform that stays up from run to run: to start it costs more than most plans of a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock


class RunningTerraform:
    """This environment's own Terraform at work in a folder; it starts anew when it is to have another environment."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = folder
        self._env: Mapping[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def run(self, env: Mapping[str, str], *arguments: str) -> tuple[int, str]:
        """Run a command; returns its exit code and what it printed on both streams."""
        with self._lock:
            if not self._process or self._process.poll() is not None or env != self._env:
                self.close()
                self._process, self._env = self._start(env), dict(env)
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(arguments) + "\n")
            self._process.stdin.flush()
            if answer := self._process.stdout.readline():
                code, output = json.loads(answer)
                return code, output
            return self._process.wait(), "Terraform ended"

    def close(self) -> None:
        """End it."""
        if self._process:
            self._process.communicate()
            self._process = None

    def _start(self, env: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cdktf_harness.terraform.runner"],
            cwd=self._folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # What a terminal sends is for this process, which waits for what is under way there.
            start_new_session=True,
        )
