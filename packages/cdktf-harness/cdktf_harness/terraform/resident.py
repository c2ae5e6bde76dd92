"""Terraform that stays up from run to run: to start it costs more than most plans of a test.

`python -m cdktf_harness.terraform.resident` is its process. It reads a line of JSON, the arguments, and answers with
one, the exit code and what was printed on both streams. It runs Terraform in its working directory and with its own
environment, and ends with the end of standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from threading import Lock

from cdktf_harness.project.variables import STATES
from cdktf_harness.terraform import backend, program


class ResidentTerraform:
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
            [sys.executable, "-m", "cdktf_harness.terraform.resident"],
            cwd=self._folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # What a terminal sends is for this process, which waits for what is under way there.
            start_new_session=True,
        )


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    states = os.environ.get(STATES)
    if states:
        os.umask(0o077)
    with tempfile.TemporaryFile() as output:
        # What the library prints by itself is no answer either.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
        for line in sys.stdin:
            if states:
                backend.replace(os.curdir, states)
            output.seek(0)
            output.truncate()
            code = program.run(json.loads(line), os.dup(output.fileno()), os.dup(output.fileno()))
            output.seek(0)
            print(json.dumps([code, output.read().decode(errors="replace")]), file=answers, flush=True)


if __name__ == "__main__":
    main()
