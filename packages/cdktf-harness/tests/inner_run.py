"""The environment of a program that a test runs as a user would, without what leads to this run of tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Plugins that are here for other tests, and searches for garbage at the end: half of such a run's own time.
_WITHOUT = ("hypothesispytest", "anyio", "typeguard", "xdist", "unraisableexception")
_HIDDEN = ("PYTEST_", "PYTHONPATH", "AWS_", "CDKTF_", "PROVIDERS", "CI")


def inherited(*hidden: str) -> dict[str, str]:
    """Return the variables of this process that such a program may have; `hidden` are beginnings of others' names.

    With them, pytest loads no plugin that only other tests need.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*_HIDDEN, *hidden))}
    return {**kept, "PYTEST_ADDOPTS": " ".join(f"-p no:{name}" for name in _WITHOUT)}


def passed(folder: Path, *options: str, **env: str) -> None:
    """Run the tests of an app in `folder`, which must pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=folder, env={**inherited(), **env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
