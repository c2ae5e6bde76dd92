"""The embedded AWS: ministack, as a child process with a port and a folder of its own.

It outlives the command that starts it. What identifies it is its folder: a second command finds the running one there,
by a record that the cloud's process writes itself (`cloud.record`).
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import access, record
from cdktf_harness.cloud.access import Access, Credentials
from cdktf_harness.docker import tenancy
from cdktf_harness.project import owner
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.processes import Process

HOST = "127.0.0.1"
# What ministack answers for any credentials that do not name another account.
ACCOUNT = "000000000000"
START_SECONDS = 30.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05
# As on Lambda: nothing but /tmp is writable, no capabilities.
FUNCTION_FLAGS = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL")

# The ones that this process started, by port: a child that has ended has to be waited for.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Cloud:
    """An embedded cloud whose state, log and record of the running process are in `folder`."""

    folder: Path

    @property
    def url(self) -> str:
        """Where it answers. The name `localhost`, since engines take a registry of that name without TLS."""
        return f"http://{self.registry}"

    @property
    def registry(self) -> str:
        """Host and port under which the engine pushes to and pulls from its image registry."""
        return f"localhost:{self._record().get('port')}"

    @property
    def process(self) -> Process | None:
        """The process that was started last and did not end in order; it may have ended otherwise."""
        return Process.recorded(self._record())

    @property
    def log(self) -> Path:
        """What it printed, with a line for every request."""
        return self.folder / "cloud.log"

    @property
    def running(self) -> bool:
        """Whether the process of the record is alive and answers."""
        process = self.process
        return bool(process and process.alive) and _healthy(self._record()["port"])

    @property
    def credentials(self) -> Credentials:
        """What a call has to be signed with. Raises HarnessError for a cloud that was never started."""
        return self.access.deployment

    @property
    def access(self) -> Access:
        """What its front door goes by. Raises HarnessError for a cloud that was never started."""
        return Access.read(self.folder)

    def start(
        self, *, port: int = 0, docker_host: str = "", services: Collection[str] = (), resettable: bool = False
    ) -> None:
        """Start it where it does not run, on `port` (default: the one it had, else a free one).

        `services` are served on top of those that every cloud serves; one that runs without them starts anew.
        `resettable` opens ministack's reset to its owner, for tests that share a cloud.
        Raises HarnessError when the port is taken, or not the one it had, or it does not come up.
        """
        # State and image names hold the port, so a cloud keeps the one it had.
        had = self._record().get("port")
        if port and had and port != had:
            raise HarnessError(
                f"the embedded cloud is on port {had}: take the deployment down to move it to port {port}"
            )
        port = had or port
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        changed = access.prepare(self.folder, services=services, resettable=resettable)
        if not changed and self._comes_up(port):
            return
        self.stop()
        self._temporary.mkdir(exist_ok=True, mode=0o700)
        own = partial(os.open, mode=0o600)
        with _reserved(port) as port, open(self.log, "ab", opener=own) as log:
            child = _children[port] = subprocess.Popen(
                [sys.executable, "-m", record.MODULE],
                cwd=self.folder,
                env=self._environment(port, docker_host),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # The deployment is its own until its record is written.
                pass_fds=(*tenancy.inherited(), *owner.inherited()),
            )
            self._await(child, port)

    def _await(self, child: subprocess.Popen[bytes], port: int) -> None:
        """Wait until it answers. Raises HarnessError when it ends, or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not _healthy(port):
            if child.poll() is not None or time.monotonic() > deadline:
                if child.poll() is None:
                    Process.of(child.pid).stop(signal.SIGKILL, seconds=STOP_SECONDS)
                last = self.log.read_text(errors="replace").strip().splitlines()[-1:]
                raise HarnessError(f"the embedded cloud did not start: {' '.join(last)} (all of it: {self.log})")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop it; it writes its state to the folder first. Nothing happens when it does not run."""
        if process := self.process:
            process.stop(signal.SIGTERM, seconds=STOP_SECONDS)
            if child := _children.pop(self._record()["port"], None):
                child.wait()

    @property
    def instance(self) -> str:
        """The value of the label `ministack.instance` of the containers that it starts."""
        record = self._record()
        return f"{record.get('host', socket.gethostname())}:{record.get('port')}"

    def _comes_up(self, port: int) -> bool:
        """Whether it runs, or was started by a command that was killed, and answers in time."""
        deadline = time.monotonic() + START_SECONDS
        while (process := self.process) and process.alive and time.monotonic() < deadline:
            if _healthy(port):
                return True
            time.sleep(POLL_SECONDS)
        return False

    @property
    def _temporary(self) -> Path:
        return self.folder / "tmp"

    def _record(self) -> dict[str, Any]:
        return record.read(self.folder)

    def _environment(self, port: int, docker_host: str) -> dict[str, str]:
        # Nothing of the user's AWS configuration, which ministack would hand to the functions.
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return env | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            record.DESCRIPTORS: " ".join(map(str, owner.inherited())),
            "LAMBDA_EXECUTOR": "docker",
            "LAMBDA_STRICT": "1",
            "LAMBDA_DOCKER_FLAGS": shlex.join(FUNCTION_FLAGS),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            # By default both are in /tmp, under names that anybody can take first.
            "TMPDIR": str(self._temporary),
            "S3_DATA_DIR": str(self.folder / "state" / "s3"),
            # Both listen on all interfaces, and one machine has the ports only once.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # By default 10: many functions that start at once take longer.
            "MINISTACK_DOCKER_TIMEOUT": "120",
            "PYTHONUNBUFFERED": "1",
            **({"DOCKER_HOST": docker_host} if docker_host else {}),
        }


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_localstack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _reserved(port: int) -> Iterator[int]:
    """Have `port` (0: a free one) until the cloud listens there, so that no other program takes it before.

    Raises HarnessError when it is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise HarnessError(
                f"port {port} of the embedded cloud is taken by another program: stop that program, "
                "or take the deployment down and start it on another port"
            ) from None
        port = int(probe.getsockname()[1])
        if sys.platform != "linux":
            # Only Linux lets the cloud listen where somebody else has the port without listening.
            probe.close()
        yield port
