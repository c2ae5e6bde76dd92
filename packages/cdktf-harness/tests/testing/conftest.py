"""A tiny app with its own tests, run by a separate pytest, without mocks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from inner_run import inherited

APP = Path(__file__).parent / "app"


class Run(NamedTuple):
    """How a run of pytest ended, and all that it printed."""

    code: int
    output: str

    def shows(self, *texts: str) -> None:
        """Assert that each of `texts` was printed."""
        assert [text for text in texts if text not in self.output] == [], self.output


class TinyProject(NamedTuple):
    """A copy of the tiny app in a folder of its own."""

    root: Path

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the app."""
        path = self.root / "main.py"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def start(self, tests: str, *options: str, **env: str) -> subprocess.Popen[str]:
        """Start pytest on a file of `tests`."""
        path = self.root / "test_app.py"
        # Not again where another run may read it.
        if not path.exists() or path.read_text() != tests:
            path.write_text(tests)
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "--tb=short", *options],
            cwd=self.root,
            env={**inherited(), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, tests: str, *options: str, **env: str) -> Run:
        """Run pytest on a file of `tests`."""
        return ended(self.start(tests, *options, **env))


def ended(process: subprocess.Popen[str]) -> Run:
    """A run of pytest, at its end."""
    output, _ = process.communicate()
    return Run(process.returncode, output)


def copied(root: Path) -> TinyProject:
    """Copy the tiny app to the folder `root`."""
    return TinyProject(Path(shutil.copytree(APP, root, ignore=shutil.ignore_patterns("__pycache__"))))


@pytest.fixture
def project(tmp_path: Path) -> TinyProject:
    """A copy of the tiny app."""
    return copied(tmp_path / "project")
