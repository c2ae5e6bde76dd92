"""Programs of their own, for what cannot happen in the process that tests."""

from __future__ import annotations

import os
import subprocess
import sys

PATIENCE_SECONDS = 300


def python(program: str, *before: str) -> str:
    """Run a Python program, which has the harness, behind the command `before`, and return what it prints."""
    done = subprocess.run(
        [*before, sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()
