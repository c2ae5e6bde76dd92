"""Warnings about the machine before a deployment starts, with what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands.conftest import write

from cdktf_harness.deployment.local.preflight import warnings
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import Project

from .programs import python

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
OTHER = {"amd64": "arm64", "arm64": "amd64"}


def load_warnings(architecture: str, engine: Engine, folder: Path) -> list[str]:
    """The warnings about the load for an app with images of that architecture."""
    project = Project(folder, {"architecture": architecture}, ("one",), settings_prefix="X_")
    return [line for line in warnings(project, folder, engine) if "emulated" in line]


def test_emulation_on_a_loaded_machine_causes_a_warning(
    docker_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting that avoids it; not on an idle machine, and not without emulation."""
    native = docker_engine.architecture
    monkeypatch.setattr(os, "getloadavg", lambda: (5.0 * (os.cpu_count() or 1), 0.0, 0.0))
    value = {"amd64": "x86_64"}.get(native, native)
    (line,) = load_warnings(OTHER[native], docker_engine, tmp_path)
    assert line == (
        f"the load is 5 times what this machine's cores can do, and {OTHER[native]} is emulated: functions are "
        f"slow; wait until it is quieter, or build for this machine with X_ARCHITECTURE={value}"
    )
    assert load_warnings(native, docker_engine, tmp_path) == []
    monkeypatch.setattr(os, "getloadavg", lambda: (0.5, 0.0, 0.0))
    assert load_warnings(OTHER[native], docker_engine, tmp_path) == []


@ROOT_ONLY
def test_a_nearly_full_disk_causes_a_warning(tmp_path: Path) -> None:
    """Before the cloud starts, in one line that names the folder."""
    write(tmp_path, "synth({'one': {}})\n")
    folder = tmp_path / "small"
    folder.mkdir()
    program = f"""
from pathlib import Path
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.project import Project

project = Project(Path({str(tmp_path)!r}), {{}}, ("one",))
(project.root / "cdktf.json").write_text('{{"app": "python3 main.py"}}')
deployment = LocalDeployment(project, Path({str(folder / "local")!r}))
try:
    deployment.start(images=False)
finally:
    deployment.remove()
"""
    small = ["unshare", "--mount", "sh", "-ec", f'mount -t tmpfs -o size=64m none {folder}; exec "$@"', "sh"]
    warning, *_ = [line for line in python(program, *small).splitlines() if "disk" in line]
    assert warning.startswith("warning: 6")
    assert f"MB are free on the disk of {folder}/local, where state is kept: free 100 MB" in warning


def test_an_exceeded_limit_of_watches_is_reported(tmp_path: Path) -> None:
    """In one line that names the limits."""
    program = f"""
from pathlib import Path
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.watch.files import ProjectFiles

try:
    list(ProjectFiles(Path({str(tmp_path)!r})).changes())
except HarnessError as error:
    print(error)
"""
    limit = "/proc/sys/user/max_inotify_instances"
    script = f'echo 0 >{limit} || exit 0; exec "$@"'
    said = python(program, "unshare", "--user", "--map-root-user", "sh", "-ec", script, "sh")
    if not said:
        pytest.skip("this kernel has no limits of a user namespace's own")
    assert said.startswith("the project's files cannot be watched (")
    assert "fs.inotify.max_user_instances" in said
