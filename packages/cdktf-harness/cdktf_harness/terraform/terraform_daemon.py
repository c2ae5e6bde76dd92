"""Keep Terraform running between commands: its start takes longer than most plans of a test.

The process is `python -m cdktf_harness.terraform.terraform_daemon`. For each line on standard input, the arguments in
JSON, it runs Terraform in its working directory and environment, and prints a line of JSON: the exit code and the
output of both streams. It ends at the end of standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock

from cdktf_harness.project.variables import STATES
from cdktf_harness.terraform import backend, program, remote_states


class ResidentTerraform:
    """This environment's Terraform in a folder; it is restarted if the environment changes."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = folder
        self._env: Mapping[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def run(self, env: Mapping[str, str], *arguments: str) -> tuple[int, str]:
        """Run a command; return its exit code and the output of both streams."""
        with self._lock:
            if not self._process or self._process.poll() is not None or env != self._env:
                self.close()
                self._process, self._env = self._start(env), dict(env)
            assert self._process.stdin
            assert self._process.stdout
            # It may be ending.
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(arguments) + "\n")
                self._process.stdin.flush()
            if answer := self._process.stdout.readline():
                code, output = json.loads(answer)
                return code, output
            return self._process.wait(), "Terraform ended"

    def close(self) -> None:
        """Stop it."""
        if self._process:
            self._process.communicate()
            self._process = None

    def _start(self, env: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cdktf_harness.terraform.terraform_daemon"],
            cwd=self._folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Signals of the terminal go to this process only, which waits for the running command.
            start_new_session=True,
        )


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    states = os.environ.get(STATES)
    if states:
        os.umask(0o077)
    with tempfile.TemporaryFile() as output:
        # The library itself may print, too.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
        for line in sys.stdin:
            output.seek(0)
            output.truncate()
            arguments = json.loads(line)
            replaced = states and backend.replace(os.curdir, states)
            refused = replaced and remote_states.refused(os.curdir, arguments[0])
            code = 1 if refused else program.run(arguments, os.dup(output.fileno()), os.dup(output.fileno()))
            output.seek(0)
            print(json.dumps([code, output.read().decode(errors="replace")]), file=answers, flush=True)


if __name__ == "__main__":
    main()
