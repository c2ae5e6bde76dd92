"""The embedded AWS: ministack, as a child process with a port and a folder of its own.

It outlives the command that starts it. What identifies it is its folder: a second command finds the running one there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from cdktf_harness import records
from cdktf_harness.docker import tenancy
from cdktf_harness.errors import HarnessError
from cdktf_harness.process import stop_group

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
    def pid(self) -> int:
        """The process that was started last; 0 when there was none."""
        return self._record().get("pid", 0)

    @property
    def log(self) -> Path:
        """What it printed, with a line for every request."""
        return self.folder / "cloud.log"

    @property
    def running(self) -> bool:
        """Whether the process of the record is alive and answers."""
        record = self._record()
        return bool(record.get("pid")) and _is_ours(record["pid"]) and _healthy(record["port"])

    def start(self, *, port: int = 0, docker_host: str = "") -> None:
        """Start it where it does not run, on `port` (default: the one it had, else a free one).

        Raises HarnessError when the port is taken, or not the one it had, or it does not come up.
        """
        # State and image names hold the port, so a cloud keeps the one it had.
        had = self._record().get("port")
        if port and had and port != had:
            raise HarnessError(
                f"the embedded cloud is on port {had}: take the deployment down to move it to port {port}"
            )
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        port = had or port or _free_port()
        if _taken(port):
            raise HarnessError(
                f"port {port} of the embedded cloud is taken by another program: stop that program, "
                "or take the deployment down and start it on another port"
            )
        with self.log.open("ab") as log:
            process = _children[port] = subprocess.Popen(
                [sys.executable, "-m", "cdktf_harness.cloud.ministack"],
                cwd=self.folder,
                env=self._environment(port, docker_host),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=tenancy.inherited(),
            )
        records.write(self.folder / "cloud.json", {"port": port, "pid": process.pid})
        deadline = time.monotonic() + START_SECONDS
        while not _healthy(port):
            if process.poll() is not None or time.monotonic() > deadline:
                stop_group(process.pid, signal.SIGKILL)
                last = self.log.read_text(errors="replace").strip().splitlines()[-1:]
                raise HarnessError(f"the embedded cloud did not start: {' '.join(last)} (all of it: {self.log})")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop it; it writes its state to the folder first. Nothing happens when it does not run."""
        record = self._record()
        pid = record.get("pid")
        if not pid or not _is_ours(pid):
            return
        stop_group(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _is_ours(pid):
            if time.monotonic() > deadline:
                stop_group(pid, signal.SIGKILL)
            time.sleep(POLL_SECONDS)
        if child := _children.pop(record["port"], None):
            child.wait()

    @property
    def instance(self) -> str:
        """The value of the label `ministack.instance` of the containers that it starts."""
        return f"{socket.gethostname()}:{self._record().get('port')}"

    def _record(self) -> dict[str, int]:
        try:
            content: dict[str, int] = json.loads((self.folder / "cloud.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return content

    def _environment(self, port: int, docker_host: str) -> dict[str, str]:
        # Nothing of the user's AWS configuration, which ministack would hand to the functions.
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return env | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "LAMBDA_EXECUTOR": "docker",
            "LAMBDA_STRICT": "1",
            "LAMBDA_DOCKER_FLAGS": shlex.join(FUNCTION_FLAGS),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            # Both listen on all interfaces, and one machine has the ports only once.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PYTHONUNBUFFERED": "1",
            **({"DOCKER_HOST": docker_host} if docker_host else {}),
        }


def _is_ours(pid: int) -> bool:
    """Whether `pid` is a ministack that lives: after a restart of the machine the number may be another program's."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False
    except OSError:
        command = b""
    if Path("/proc/self").exists():
        return b"ministack" in command
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_localstack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
