"""The choice of the engine, and the errors if there is none."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from cdktf_harness.docker import host
from cdktf_harness.docker.engine import Engine, ensure_engine, find_engine
from cdktf_harness.system.errors import HarnessError

from .programs import ALONE, python

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_a_running_engine_is_used(engine: Engine) -> None:
    """Then nothing is installed or started; its address has the form of DOCKER_HOST."""
    progress: list[str] = []
    again = ensure_engine(progress.append)
    assert progress == []
    assert again.info["ID"] == engine.info["ID"]
    assert again.host.startswith(("unix://", "tcp://", "ssh://", "npipe://"))
    assert again.architecture in ("amd64", "arm64")
    again.client.close()


def test_the_current_docker_context_is_used(socket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker Desktop, colima and rootless engines set a context, not DOCKER_HOST."""
    (tmp_path / "elsewhere.sock").symlink_to(socket)
    host = f"unix://{tmp_path}/elsewhere.sock"
    meta = tmp_path / "contexts" / "meta" / sha256(b"elsewhere").hexdigest() / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": "elsewhere", "Metadata": {}, "Endpoints": {"docker": {"Host": host}}}))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "elsewhere"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    found = find_engine()
    assert found.host == host
    found.client.close()


def test_a_silent_docker_host_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If DOCKER_HOST is set, no other engine is started; the error names it."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(HarnessError) as caught:
        ensure_engine()
    assert str(caught.value) == (
        f"No Docker engine answers at DOCKER_HOST=unix://{tmp_path}/none.sock; start it, or unset DOCKER_HOST"
    )


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("DOCKER_CONTEXT", "DOCKER_CONTEXT=nosuch: there is no such context"),
        ("DOCKER_CERT_PATH", "The configuration of the docker command is not usable (Path to a certificate"),
        ("DOCKER_CONFIG", "The configuration of the docker command is not usable (not enough values"),
    ],
)
@pytest.mark.usefixtures("socket")
def test_a_configuration_that_is_not_usable_is_reported(
    variable: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is not taken for one that has to be started."""
    auth = base64.b64encode(b"no login").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"registry.example": {"auth": auth}}}))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv(variable, str(tmp_path) if variable == "DOCKER_CONFIG" else "nosuch")
    with pytest.raises(HarnessError) as caught:
        ensure_engine()
    assert str(caught.value).startswith(says)


@ROOT_ONLY
@pytest.mark.usefixtures("socket")
def test_a_user_without_access_is_reported() -> None:
    """The error is not that Docker is missing."""
    program = """
import os
import docker.context  # while this user may read it
from cdktf_harness.docker.engine import ensure_engine
from cdktf_harness.system.errors import HarnessError
os.environ.pop("DOCKER_HOST", None)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    ensure_engine()
except HarnessError as error:
    print(error)
"""
    assert python(program) == (
        "The Docker engine at unix:///var/run/docker.sock refuses this user; run as root or join the group docker"
    )


@ROOT_ONLY
@pytest.mark.skipif((host.debian() or 0) < 12, reason="needs Debian 12 or newer")
def test_installation_can_be_prevented(tmp_path: Path) -> None:
    """The error says what to do; an installation is reported, with the variable that prevents it."""
    program = """
import os
from cdktf_harness.docker.engine import ensure_engine, find_engine
from cdktf_harness.system.errors import HarnessError
os.environ.pop("DOCKER_HOST", None)
for value, use in ("0", lambda: ensure_engine(print)), ("1", find_engine), ("1", lambda: ensure_engine(print)):
    os.environ["CDKTF_HARNESS_INSTALL"] = value
    try:
        use()
    except HarnessError as error:
        print(type(error).__name__, error)
"""
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho E: no network\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    # Neither this machine's engine nor its programs.
    hidden = "for folder in /run /usr/sbin; do mount -t tmpfs none $folder; done"
    alone = ["unshare", "--mount", "sh", "-ec", f'{hidden}; PATH={tmp_path} exec "$@"', "sh"]
    refused, missing, installs, failed = python(program, *alone).splitlines()
    none = "NoEngine No Docker engine; install it (https://docs.docker.com/engine/install), or "
    assert refused == f"{none}unset CDKTF_HARNESS_INSTALL"
    assert missing == f"{none}deploy, which does that"
    assert re.fullmatch(r"Installing docker\.io.* \(CDKTF_HARNESS_INSTALL=0 prevents that\)", installs)
    assert re.fullmatch(r"CommandFailed apt-get .* failed: E: no network", failed)


@ROOT_ONLY
def test_an_engine_is_started_where_none_runs(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two commands of root on a machine without an engine start one; once that has ended, the next one restarts it.

    So does root after Debian's `su`, which leaves PATH without the folders of root's programs.
    """
    # Looked for now: on a bare machine the engine brought them.
    if not all(map(shutil.which, ("unshare", "mount", "dockerd"))):
        pytest.skip("needs unshare, mount and dockerd")
    program = """
import os, signal
from cdktf_harness.docker.engine import ensure_engine, started
os.environ.pop("DOCKER_HOST", None)
os.environ["PATH"] = "/usr/bin:/bin"
child = os.fork()
progress = []
print(ensure_engine(progress.append).info["ID"], *progress, sep="|", flush=True)
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
process = started()
process.stop(signal.SIGTERM, seconds=60, group=False)
print(started(), ensure_engine().client.ping(), started() not in (None, process))
"""
    # Where the harness keeps which engine it started: not among what this machine's own runs know.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    *both, restarted = python(program, *ALONE).splitlines()
    identity, started = sorted(both, key=len)
    assert started == f"{identity}|Starting the Docker engine"
    assert identity != engine.info["ID"]
    assert restarted == "None True True"
