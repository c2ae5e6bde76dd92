"""A killed Terraform is an error."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.project import find

from .conftest import BIN, write

# Terraform runs the command of a provisioner, which kills the one that runs it: at the same point each time. Where a
# file says so, the process that waits for Terraform is killed as well.
KILL = "{ read -r _ _ _ parent _ </proc/$PPID/stat; test ! -e kill-waiting || kill -9 $parent; kill -9 $PPID; }"
APP = f"""
def made(name):
    return {{"input": name, "provisioner": [
        {{"local-exec": {{"command": "test ! -e kill-%s || {KILL}" % name}}}},
        {{"local-exec": {{"when": "destroy", "command": "test ! -e kill-%s || {KILL}" % name}}}},
    ]}}
synth({{name: {{"resource": {{"terraform_data": {{"made": made(name)}}}}}} for name in ("hello", "other")}})
"""


@pytest.fixture
def project(project: Path) -> Path:
    """An app of two stacks, of which Terraform is killed where a file says so."""
    (project / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["hello", "other"]\n')
    write(project, APP.replace("-e kill-", f"-e {project}/kill-"))
    return project


def test_each_stack_shows_that_it_was_deployed_or_destroyed(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the harness and with CDKTF's command line alone, which takes a death by signal for exit code 0."""
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    deployment = LocalDeployment(find(project), project / ".cdktf-harness" / "local")
    try:
        deployment.start()
        (project / "kill-other").touch()
        with pytest.raises(CommandFailed, match="Terraform was killed while it changed this stack"):
            deployment.deploy()
        (project / "kill-hello").touch()
        with pytest.raises(CommandFailed, match="Terraform was killed while it changed this stack"):
            deployment.destroy()
        (project / "kill-waiting").touch()
        assert "Run the command again" in run_alone(deployment, "destroy", "hello", "--auto-approve")
    finally:
        deployment.remove()
    assert list(cache.glob("*/builds/*")) == []


def run_alone(deployment: LocalDeployment, *arguments: str) -> str:
    """Run `cdktf`, which must fail, and return its output."""
    done = subprocess.run(
        [BIN / "cdktf", *arguments], cwd=deployment.project.root, env=deployment.env, capture_output=True, text=True
    )
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr
