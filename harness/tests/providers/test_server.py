"""A provider as a process: how it starts, what it survives and when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdktf_harness.providers.protocol.server import COOKIE

SECONDS = 10
# Stands for Terraform: starts a provider, says its process id, hands on its first line, and waits to be killed.
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


def ended(pid: int, seconds: float) -> bool:
    """Whether a process ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_handshake(parent: subprocess.Popen[str]) -> None:
    """It listens on the loopback interface only, speaks the real provider's version, and shows a certificate."""
    assert parent.stdout is not None
    _pid, line = parent.stdout.readline().split()
    core, version, network, address, kind, certificate = line.split("|")
    assert (core, version, network, kind) == ("1", "6", "tcp", "grpc")
    assert address.startswith("127.0.0.1:")
    assert len(certificate) > 100


def test_interrupted_and_orphaned(parent: subprocess.Popen[str]) -> None:
    """An interrupt at the keyboard leaves it to Terraform when to end; without Terraform it ends by itself."""
    assert parent.stdout is not None
    pid = int(parent.stdout.readline().split()[0])
    os.kill(pid, signal.SIGINT)
    assert not ended(pid, seconds=0.5)
    parent.kill()
    assert ended(pid, SECONDS)
