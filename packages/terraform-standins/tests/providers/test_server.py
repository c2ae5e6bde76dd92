"""A provider as a process: start, interrupts and exit."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from terraform_standins.protocol.server import COOKIE
from terraform_standins.protocol.sockets import private_folder
from terraform_standins.serving.kept import KeptProviders
from terraform_standins.waiting import poll

PATIENCE_SECONDS = 60
# Stands for Terraform: starts a provider, prints its process id and its first line, and waits to be killed.
PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def parent(mirror: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has started the docker provider."""
    launcher = next(mirror.parent.rglob("terraform-provider-docker_*"))
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(launcher)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, COOKIE[0]: COOKIE[1]},
        start_new_session=True,
    )
    yield process
    process.kill()
    process.communicate()


def connects(address: Path, **user: Any) -> str:
    """The result of a program that connects to a socket, as another user if one is given."""
    code = f"import socket; socket.socket(socket.AF_UNIX).connect({str(address)!r}); print('connected')"
    done = subprocess.run(["/usr/bin/env", "python3", "-c", code], capture_output=True, text=True, cwd="/", **user)
    return f"{done.stdout}{done.stderr}"


def ended(pid: int, seconds: float) -> bool:
    """Whether a process exits within `seconds`."""

    def gone() -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return poll(gone, seconds)


def test_a_stranger_is_refused(parent: subprocess.Popen[str]) -> None:
    """The socket is in a private folder, which is removed when the provider exits."""
    assert parent.stdout is not None
    pid, line = parent.stdout.readline().split()
    address = Path(line.split("|")[3])
    assert connects(address) == "connected\n"
    assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        assert "PermissionError" in connects(address, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
    parent.kill()
    assert ended(int(pid), PATIENCE_SECONDS)
    assert not address.parent.exists()


def test_kept_providers_refuse_strangers_too(tmp_path: Path) -> None:
    """Their connections have no certificate."""
    providers = KeptProviders(tmp_path, os.environ)
    try:
        for entry in json.loads(providers.address).values():
            assert entry["Addr"]["Network"] == "unix"
            assert stat.S_IMODE(Path(entry["Addr"]["String"]).parent.stat().st_mode) == 0o700
    finally:
        providers.close()


@pytest.mark.parametrize("place", ["x" * 120, ""])
def test_where_no_socket_fits(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is too long for a socket is replaced by a short one; nothing is left."""
    parent = tmp_path / place
    parent.mkdir(exist_ok=True)
    monkeypatch.setattr("tempfile.tempdir", str(parent))
    with private_folder(parent) as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s"))
        assert (folder.parent == Path("/tmp")) == bool(place)
    assert not folder.exists()
    assert not list(parent.iterdir())


def test_interrupted_and_orphaned(parent: subprocess.Popen[str]) -> None:
    """Ctrl-C does not stop a provider; the end of Terraform does."""
    assert parent.stdout is not None
    pid = int(parent.stdout.readline().split()[0])
    os.kill(pid, signal.SIGINT)
    assert not ended(pid, seconds=0.5)
    parent.kill()
    assert ended(pid, PATIENCE_SECONDS)
