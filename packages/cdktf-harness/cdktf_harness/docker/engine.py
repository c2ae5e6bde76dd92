"""The Docker engine: a running one, or one that the harness installs and starts."""

from __future__ import annotations

import os
import subprocess
from contextlib import nullcontext
from pathlib import Path

from buildkit_client import engine
from buildkit_client.engine import Engine as Engine
from buildkit_client.errors import EngineError
from cdktf_harness.docker import host
from cdktf_harness.docker.host import Report, silent
from cdktf_harness.system import json_store, user_cache
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.processes import Process
from terraform_standins.waiting import poll

LOG = Path("/var/log/dockerd.log")
START_SECONDS = 60.0


class NoEngine(HarnessError):
    """No engine runs on this machine, and none is named elsewhere."""


def ensure_engine(report: Report = silent) -> Engine:
    """Return the engine of `DOCKER_HOST` or of the current Docker context; start one if there is none.

    Installing needs root on Debian 12 or newer, starting needs root and `dockerd`.

    Raises HarnessError if there is no engine and none can be started.
    """
    # Under a lock, so that two processes do not both start one. Only root starts one.
    with user_cache.lock("dockerd") if host.is_root() else nullcontext():
        try:
            return find_engine()
        except NoEngine:
            if not _may_start():
                raise
        if not host.has("dockerd"):
            # In Debian 13, docker.io has neither the `docker` command nor BuildKit's client.
            others = [] if host.debian() == 12 else ["docker-cli", "docker-buildx"]
            host.install("docker.io", *others, report=report)
        report("Starting the Docker engine")
        return _start()


def started() -> Process | None:
    """Return the process of the engine that the harness started, if it still runs."""
    try:
        process = Process.recorded(json_store.read(_record()))
    except HarnessError:
        # The record is damaged: treat the engine as one that the harness did not start.
        return None
    return process if process and process.alive else None


def find_engine() -> Engine:
    """Return the running engine. Raises HarnessError if none answers."""
    try:
        return engine.find_engine()
    except EngineError as error:
        if not error.missing:
            raise HarnessError(str(error)) from error
        way = "run as root" if host.has("dockerd") else host.how_to_install()
        raise NoEngine(f"{error}, or {'deploy, which does that' if _may_start() else way}") from error


def _record() -> Path:
    """Return the file with the record of the engine that the harness started last (see `Process.recorded`)."""
    return user_cache.folder() / "dockerd.json"


def _may_start() -> bool:
    return (
        engine.wanted_host() == engine.DEFAULT_HOST and host.is_root() and (host.has("dockerd") or host.can_install())
    )


def _start() -> Engine:
    """Start the engine by systemd if that runs, else detached with its log in `LOG`.

    If a killed command has started an engine, wait for that.
    """
    process: subprocess.Popen[bytes] | None = None
    if started():
        pass
    elif Path("/run/systemd/system").is_dir():
        host.run("systemctl", "start", "docker")
    else:
        with LOG.open("ab") as log:
            process = subprocess.Popen(
                ["dockerd"],
                # It outlives this process, whose folder may be removed.
                cwd="/",
                env={**os.environ, "PATH": host.path()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        json_store.write(_record(), Process.of(process.pid).record)

    def answer() -> Engine | None:
        try:
            return find_engine()
        except HarnessError:
            return None

    def ended() -> bool:
        return process is not None and process.poll() is not None

    if found := poll(answer, START_SECONDS, until=lambda found: found or ended(), every=0.05):
        if process:
            # Without this, Python warns of a running child process.
            process.returncode = 0
        return found
    what = "ended at once" if ended() else f"did not answer within {START_SECONDS:.0f} s"
    tail = LOG.read_text(errors="replace")[-4000:] if LOG.exists() else ""
    raise CommandFailed(f"The Docker engine {what}: read its log, {LOG}", tail=tail)
