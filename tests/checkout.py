"""The folder of this project, and copies of it that work without a set-up of their own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = (".venv", "node_modules")
_MADE = (*_ENVIRONMENT, ".git", "cdktf.out", "__pycache__", ".ontra", "*.egg-info", "*.tfstate*", ".*_cache")


def copy_with_environment(folder: Path) -> None:
    """Copy the project's sources to a new `folder`, with links to its environment.

    That must be up to date: a command of the copy would update it otherwise, with paths that lead to the copy.
    """
    stamps = [f"{made}/.ready" for made in _ENVIRONMENT]
    asked = subprocess.run(["make", "--question", *stamps], cwd=PROJECT, capture_output=True)
    assert asked.returncode == 0, "the environment is out of date: run `make environment`"
    shutil.copytree(PROJECT, folder, symlinks=True, ignore=shutil.ignore_patterns(*_MADE))
    for made in _ENVIRONMENT:
        (folder / made).symlink_to(PROJECT / made)
