"""The Makefile works in a folder of any name, or says which it does not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from checkout import PROJECT


def help_in(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What `make` prints in a folder."""
    folder.mkdir()
    shutil.copy(PROJECT / "Makefile", folder)
    # Without what a `make test` around this says to the ones that it starts.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *options], cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["a b", "é", "it's #1; 100%", "(c) & {d}"])
def test_folders_that_it_works_in(name: str, tmp_path: Path) -> None:
    """Quotes, spaces and what else a shell or make may take for its own."""
    done = help_in(tmp_path / name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "make local" in done.stdout


@pytest.mark.parametrize("name", ['a"b', "a$b", "a:b", "a`b", r"a\b"])
def test_folders_that_it_refuses(name: str, tmp_path: Path) -> None:
    """One line says what to do, before anything is made."""
    done = help_in(tmp_path / name)
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "which the tools do not support: move the folder" in line
    assert [path.name for path in (tmp_path / name).iterdir()] == ["Makefile"]


@pytest.mark.parametrize(("version", "allowed"), [("3.81", False), ("3.82", True), ("4.4.1", True)])
def test_a_make_that_is_too_old_is_told(version: str, allowed: bool, tmp_path: Path) -> None:
    """macOS has 3.81, which goes on after a failed command."""
    done = help_in(tmp_path / "app", f"MAKE_VERSION={version}")
    assert (done.returncode == 0) is allowed
    assert allowed or "GNU Make 3.81 is too old: install 3.82 or newer (macOS: brew install make" in done.stderr
