"""The Docker engine: the one that runs, else one installed and started here."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker import DockerClient
from docker.context import ContextAPI
from docker.errors import DockerException

from cdktf_harness import recorded
from cdktf_harness.docker import machine, tenancy
from cdktf_harness.docker.machine import Report, silent
from cdktf_harness.errors import CommandFailed, HarnessError

LOG = Path("/var/log/dockerd.log")
START_SECONDS = 60.0
_ANSWER_SECONDS = 5
_WORK_SECONDS = 600


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answers."""

    client: DockerClient
    host: str
    """Its address as `DOCKER_HOST` has it."""

    @functools.cached_property
    def info(self) -> dict[str, Any]:
        """What the engine says about itself (`GET /info`)."""
        return dict(self.client.info())

    @property
    def architecture(self) -> str:
        """The architecture that runs without emulation, as image manifests name it: `amd64`, `arm64`."""
        machine_name = str(self.info["Architecture"])
        return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine_name, machine_name)


def ensure_engine(report: Report = silent) -> Engine:
    """Return the engine of `DOCKER_HOST` or of the current Docker context; where there is none, start one.

    Installing needs root on Debian 12 or newer, starting needs root and `dockerd`. Errors: `HarnessError`.
    """
    descriptors: list[int] = []
    # One step: another one that leaves may stop the engine between that it is found and joined. Only root does that.
    with machine.lock(tenancy.LOCK, descriptors.append) if machine.is_root() else nullcontext():
        try:
            engine = find_engine()
        except HarnessError:
            if not _may_start():
                raise
            if not shutil.which("dockerd"):
                machine.install(*_packages(), report=report)
            report("Starting the Docker engine")
            engine = _start(descriptors)
        tenancy.join()
    return engine


def find_engine() -> Engine:
    """Return the engine that runs. Errors: `HarnessError` with what to do when none answers."""
    host = _host()
    try:
        _knock(host)
        client = docker.from_env(timeout=_ANSWER_SECONDS)
        client.ping()
    except PermissionError as error:
        raise HarnessError(
            f"The Docker engine at {host} refuses this user; run as root or join the group docker"
        ) from error
    except (DockerException, OSError) as error:
        raise HarnessError(_advice(host)) from error
    client.api.timeout = _WORK_SECONDS
    return Engine(client, host)


def _knock(host: str) -> None:
    """Raise `OSError` when nobody listens on a Unix socket: docker-py tells the reasons apart in its text only."""
    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knock:
            knock.connect(host.removeprefix("unix://"))


def _host() -> str:
    return os.environ.get("DOCKER_HOST") or ContextAPI.kwargs_from_context().get("base_url") or tenancy.DEFAULT_HOST


def _advice(host: str) -> str:
    if os.environ.get("DOCKER_HOST"):
        return f"No Docker engine answers at DOCKER_HOST={host}; start it, or unset DOCKER_HOST"
    if host != tenancy.DEFAULT_HOST:
        return f"No Docker engine answers at {host}, the current Docker context; start it or change the context"
    if shutil.which("dockerd"):
        return "The Docker engine is not running; start it (sudo systemctl start docker), or run as root"
    return f"No Docker engine; install it (https://docs.docker.com/engine/install), or {machine.how_to_install()}"


def _may_start() -> bool:
    return (
        _host() == tenancy.DEFAULT_HOST
        and machine.is_root()
        and (shutil.which("dockerd") is not None or machine.can_install())
    )


def _packages() -> list[str]:
    # Debian 13 moved the `docker` command and BuildKit's client out of docker.io.
    return ["docker.io"] if machine.debian() == 12 else ["docker.io", "docker-cli", "docker-buildx"]


def _start(lock: Sequence[int]) -> Engine:
    """Start the engine, by systemd where that runs, else detached and logging to `LOG`.

    The new process has `lock` until it is recorded. One that a command started which was killed is waited for.
    """
    deadline = time.monotonic() + START_SECONDS
    process = None
    if tenancy.started():
        pass
    elif Path("/run/systemd/system").is_dir():
        machine.run("systemctl", "start", "docker")
    else:
        with LOG.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", recorded.__name__, str(tenancy.record_file()), "dockerd"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=lock,
            )
    while True:
        try:
            engine = find_engine()
            if process:
                # It outlives this process, of which Python would warn.
                process.returncode = 0
            return engine
        except HarnessError as error:
            if process and process.poll() is not None:
                raise CommandFailed(f"dockerd ended at once; its log is {LOG}", tail=_tail()) from error
            if time.monotonic() > deadline:
                raise CommandFailed(
                    f"The Docker engine did not answer within {START_SECONDS:.0f} s; its log is {LOG}",
                    tail=_tail(),
                ) from error
            time.sleep(0.05)


def _tail() -> str:
    return LOG.read_text(errors="replace")[-4000:] if LOG.exists() else ""
