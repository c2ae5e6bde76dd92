"""A tiny app with its own tests, run by a separate pytest, without mocks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

APP = Path(__file__).parent / "app"
# Variables of the outer run that must not affect the inner one.
HIDDEN = ("PYTEST_", "AWS_", "CDKTF_", "PROVIDERS", "CI")


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

    def leave_one_stack(self) -> None:
        """Make the app smaller and so quicker to deploy: its stack `logs` alone."""
        self.edit('Access(stack(app, "access"), "writer", name=name, group=logs.group)\n', "")
        (self.root / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["logs"]\n')

    def start(self, tests: str, *options: str, **env: str) -> subprocess.Popen[str]:
        """Start pytest on a file of `tests`."""
        (self.root / "test_app.py").write_text(tests)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "--tb=short", *options],
            cwd=self.root,
            env={**inherited, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, tests: str, *options: str, **env: str) -> Run:
        """Run pytest on a file of `tests`."""
        process = self.start(tests, *options, **env)
        output, _ = process.communicate()
        return Run(process.returncode, output)


@pytest.fixture
def new_project(tmp_path: Path) -> Callable[[str], TinyProject]:
    """Makes copies of the tiny app."""

    def copy(name: str) -> TinyProject:
        return TinyProject(Path(shutil.copytree(APP, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))))

    return copy


@pytest.fixture
def project(new_project: Callable[[str], TinyProject]) -> TinyProject:
    """A copy of the tiny app."""
    return new_project("project")
