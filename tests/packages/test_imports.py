"""Imports between packages and parts follow the contracts in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from checkout import PROJECT


def test_imports_run_one_way() -> None:
    """The contracts of [tool.importlinter] hold: packages and their parts import downwards, without a circle."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
