"""The files through which Terraform finds the bundled providers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform_standins.serving.mirror import HOSTS, RELEASES, write_mirror

from .workspace import Workspace

REPOSITORY = {"aws_ecr_repository": {"this": {"name": "x"}}}


@pytest.fixture
def offline(offline: Workspace, tmp_path: Path) -> Workspace:
    """A workspace whose Terraform finds and starts the providers itself."""
    return Workspace(tmp_path, offline.env)


def launchers(folder: Path) -> Iterator[Path]:
    """All launchers of a mirror."""
    return folder.rglob("terraform-provider-*")


def test_same_launchers_everywhere(tmp_path: Path) -> None:
    """Terraform records a hash of the launchers, so they contain no path."""
    first, second = tmp_path / "first", tmp_path / "second"
    write_mirror(first)
    write_mirror(second)
    assert len(list(launchers(first))) == len(HOSTS) * len(RELEASES)
    for launcher in launchers(first):
        text = launcher.read_text()
        assert text == (second / launcher.relative_to(first)).read_text()
        assert str(tmp_path) not in text


def test_written_twice(tmp_path: Path) -> None:
    """Writing the mirror again changes no file that a running provider may use."""
    config = write_mirror(tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
    assert write_mirror(tmp_path) == config
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*")} == before


def test_key_is_private(tmp_path: Path) -> None:
    """Only its owner can read the key of the connection between Terraform and the providers."""
    write_mirror(tmp_path)
    (key,) = (path for path in tmp_path.iterdir() if b"PRIVATE KEY" in (path.read_bytes() if path.is_file() else b""))
    assert key.stat().st_mode & 0o077 == 0


def test_moved(offline: Workspace, tmp_path: Path) -> None:
    """A lock file of a mirror in another folder is still valid."""
    offline.write(resource=REPOSITORY)
    lock = (tmp_path / ".terraform.lock.hcl").read_text()
    shutil.rmtree(tmp_path / ".terraform")
    offline.env["TF_CLI_CONFIG_FILE"] = str(write_mirror(tmp_path / "another"))
    offline.run("init", "-lockfile=readonly")
    assert (tmp_path / ".terraform.lock.hcl").read_text() == lock


def test_run_by_hand(mirror: Path) -> None:
    """A user who starts a provider gets an error."""
    launcher = next(launchers(mirror.parent))
    env = {key: value for key, value in os.environ.items() if key != "TF_PLUGIN_MAGIC_COOKIE"}
    done = subprocess.run([launcher], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Terraform starts it" in done.stderr
