"""Separate programs, for what cannot be done in the test's process."""

from __future__ import annotations

import os
import subprocess
import sys

PATIENCE_SECONDS = 300
# Namespaces of its own, with nothing of this machine's engine in them; all in them ends with the program. The shell
# stays, since it is the parent of what loses its own one, and waits for that.
_FOLDERS = "/run /var/lib/docker /var/log /etc/docker"
_QUIET = f'ip link set lo up; for f in {_FOLDERS}; do mkdir -p $f; mount -t tmpfs none $f; done; "$@" || exit $?'
_UNSHARE = ("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child")
ALONE = (*_UNSHARE, "sh", "-ec", _QUIET, "sh")
"""What goes before a command that is to find a machine without a Docker engine; needs root."""


def python(program: str, *before: str, seconds: float = PATIENCE_SECONDS) -> str:
    """Run a Python program, which has the harness, behind the command `before`, and return what it prints."""
    done = subprocess.run(
        [*before, sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()
