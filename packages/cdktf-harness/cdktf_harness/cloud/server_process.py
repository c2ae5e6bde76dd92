"""The process of the embedded AWS (ministack), with its own port and folder.

It outlives the command that starts it. The folder identifies it: a second command finds the running process by a record
in the folder, which the cloud's process writes itself (`cloud.pid_file`).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from cdktf_harness.cloud import access_config, installation, pid_file
from cdktf_harness.cloud.access_config import Access, Credentials
from cdktf_harness.cloud.ports import healthy, listens, reserved
from cdktf_harness.system import deployment_lock
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.processes import Process
from terraform_standins.waiting import poll

# ministack's account id for credentials that do not name another account.
ACCOUNT = "000000000000"
# A second of CPU, which a busy machine gives late; a process that ends is noticed at once.
START_SECONDS = 120.0
# The same for the state that it writes at its end, and for the containers that it removes.
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class ServerProcess:
    """The process of an embedded cloud; its state, log and record are in `folder`."""

    folder: Path

    @property
    def url(self) -> str:
        """The endpoint. With the name `localhost`, for which engines allow a registry without TLS."""
        return f"http://{self.registry}"

    @property
    def registry(self) -> str:
        """Host and port of its image registry, for the Docker engine."""
        return f"localhost:{self._record().get('port')}"

    @property
    def port(self) -> int:
        """The port that it has, or had; 0 if it was never started."""
        return int(self._record().get("port") or 0)

    @property
    def process(self) -> Process | None:
        """The recorded process. It may have ended without removing its record."""
        return Process.recorded(self._record())

    @property
    def original(self) -> Path | None:
        """The folder of another cloud that this one was copied from; the record names that cloud's process."""
        return pid_file.original(self.folder)

    @property
    def moved_from(self) -> Path | None:
        """The folder that it had when its process was started, if it was moved since: temporary files are there."""
        recorded = self._record().get("folder")
        return Path(recorded) if recorded and not Path(recorded).exists() else None

    @property
    def log(self) -> Path:
        """The log file, with a line for each request."""
        return self.folder / pid_file.LOG

    @property
    def healthy(self) -> bool:
        """Whether the recorded process is alive and answers."""
        return self._alive and healthy(self._record()["port"])

    @property
    def outdated(self) -> bool:
        """Whether it runs an outdated version of the harness; `start` restarts it."""
        return self._alive and self._record().get("code") != pid_file.code()

    @property
    def providers(self) -> dict[str, str]:
        """The variables for programs whose bundled providers are forked from the cloud's process for that, if any."""
        return dict(self._record().get("providers", {}))

    @property
    def credentials(self) -> Credentials:
        """The credentials for signing calls. Raises HarnessError if the cloud was never started."""
        return self.access.deployment

    @property
    def access(self) -> Access:
        """What its front door allows. Raises HarnessError if the cloud was never started."""
        return Access.read(self.folder)

    def start(
        self,
        *,
        port: int = 0,
        services: Collection[str] = (),
        resettable: bool = False,
        enforced: bool = False,
        aws_hosts: bool = False,
        forks: bool = False,
    ) -> Self:
        """Start it if it does not run, on `port` (default: its previous one, else a free one).

        `services` are served in addition to the default ones; a cloud that runs without them, with another DOCKER_HOST,
        or that is outdated, is restarted.
        `resettable` allows ministack's reset to its owner, for tests that share a cloud. `enforced` evaluates IAM
        policies: of users that have an access key, of sessions of a role, and of functions. `aws_hosts` takes AWS's
        host names for its own; something else leads them here, with TLS. `forks` starts with it a process from which
        the bundled providers are forked, and which ends with it (see `providers`).

        Raises HarnessError if the port is in use or is not the previous one, or if the cloud does not start.
        """
        # The port is part of image names in the state, so it cannot change.
        had = self._record().get("port")
        if port and had and port != had:
            raise HarnessError(
                f"the embedded cloud is on port {had}: take the deployment down to move it to port {port}"
            )
        port = had or port
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        changed = access_config.prepare(
            self.folder, services=services, resettable=resettable, enforced=enforced, aws_hosts=aws_hosts
        )
        same = not changed and self._record().get("engine", "") == pid_file.engine(os.environ)
        if same and self._comes_up() and not self.outdated and not self.moved_from:
            return self
        self.stop()
        installation.ensure()
        (self.folder / pid_file.TEMPORARY).mkdir(exist_ok=True, mode=0o700)
        own = partial(os.open, mode=0o600)
        with reserved(port) as port, open(self.log, "ab", opener=own) as log:
            child = subprocess.Popen(
                [sys.executable, "-m", pid_file.MODULE],
                cwd=self.folder,
                env=pid_file.variables(self.folder, port, enforced=enforced, forks=forks),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # The child holds the deployment's lock until its record is written.
                pass_fds=deployment_lock.inherited(),
            )
            self._await(child, port)
            # It outlives this process; without this, Python warns.
            child.returncode = 0
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _await(self, child: subprocess.Popen[bytes], port: int) -> None:
        """Wait until it answers. Raises HarnessError if it ends or takes too long."""

        def answers() -> bool:
            return healthy(port) and listens(child.pid, port)

        if not poll(lambda: child.poll() is not None or answers(), START_SECONDS, every=POLL_SECONDS):
            Process.of(child.pid).stop(signal.SIGKILL, seconds=STOP_SECONDS)
        if child.poll() is not None:
            last = self.log.read_text(errors="replace").strip().splitlines()[-1:] or [
                f"no answer in {START_SECONDS:g} s"
            ]
            raise HarnessError(f"the embedded cloud did not start: {' '.join(last)} (its log: {self.log})")

    def stop(self) -> None:
        """Stop it if it runs; it writes its state to the folder first."""
        if process := self.process:
            process.stop(signal.SIGTERM, seconds=STOP_SECONDS)
            # A child of this process is a zombie until its exit status has been asked for.
            with suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)

    def empty(self) -> None:
        """Kill it and remove what it had; port and credentials stay."""
        if process := self.process:
            process.stop(signal.SIGKILL, seconds=STOP_SECONDS)
        # In reverse order: an "applying" mark is removed last.
        for path in sorted(self.folder.glob("*"), reverse=True):
            if path.name not in (pid_file.NAME, access_config.NAME):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @property
    def instance(self) -> str:
        """The value of the label `ministack.instance` of its containers."""
        record = self._record()
        return f"{record.get('host', socket.gethostname())}:{record.get('port')}"

    def _comes_up(self) -> bool:
        """Return whether it runs, or was started by a killed command, and answers in time."""
        return poll(lambda: self.healthy, START_SECONDS, until=lambda up: up or not self._alive, every=POLL_SECONDS)

    @property
    def _alive(self) -> bool:
        return bool((process := self.process) and process.alive)

    def _record(self) -> dict[str, Any]:
        return pid_file.read(self.folder)
