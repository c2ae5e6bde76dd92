"""Commands on an app of two functions: on one of them by `--function`, without it on both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands.running import completed

from cdktf_harness.cloud import debugging
from cdktf_harness.deployment.local.debugger_proxy import Debugging
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import find
from cdktf_harness.synthesis.app import App
from checkout import PROJECT

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a copy of the example, which is deployed."""
    app = App(find(PROJECT / "examples" / "jobs")).copy(tmp_path_factory.mktemp("jobs"))
    try:
        done = run(app.root, "up")
        assert done.returncode == 0, done.stderr
        yield app.root
    finally:
        run(app.root, "down")


def run(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the deployment."""
    return completed(root, *arguments, env=env)


def versions(root: Path) -> dict[str, str]:
    """The live version of each function."""
    found = json.loads(run(root, "status", "--json").stdout)["functions"]
    assert all(one["canary"] is None for one in found.values())
    return {name: one["version"] for name, one in found.items()}


def test_a_canary_is_of_the_function_that_changes(jobs: Path) -> None:
    """The other one keeps its version; so it does in a rollback of one by its name."""
    source = jobs / "worker" / "app.py"
    source.write_text(f"{source.read_text()}# edited\n")
    done = run(jobs, "up", JOBS_CANARY="0.5", JOBS_CANARY_MINUTES="0")
    assert done.returncode == 0, done.stderr
    assert "worker: version 2 gets 50 % of the calls, version 1 the others" in done.stderr
    assert "api: version" not in done.stderr
    assert versions(jobs) == {"api": "1", "worker": "2"}
    unknown = run(jobs, "rollback", "--function", "nobody")
    assert (unknown.returncode, unknown.stderr.splitlines()[-1]) == (
        1,
        "error: there is no function 'nobody': name one of api, worker",
    )
    done = run(jobs, "rollback", "--function", "worker")
    assert done.returncode == 0, done.stderr
    assert versions(jobs) == {"api": "1", "worker": "3"}


def test_a_debugger_attaches_to_the_function_that_is_named(jobs: Path, docker_engine: Engine) -> None:
    """Without a name, to the newest container, whichever function has it. A name that does not exist is one line."""
    cloud = LocalDeployment(find(jobs), find(jobs).folder / "local").cloud
    event = jobs / "event.json"
    event.write_text(json.dumps({"Records": []}))
    with debugging(cloud.folder, wait=False):
        for function in ("worker", "api"):
            run(jobs, "invoke", str(event), "--function", function)
            attached = {
                name: container.attrs["Config"]["Env"]
                for name in ("jobs-api", "jobs-worker", "")
                for container in Debugging(docker_engine.client, cloud, print, name).containers()[:1]
            }
            assert f"AWS_LAMBDA_FUNCTION_NAME=jobs-{function}" in attached[""]
    for name in ("jobs-api", "jobs-worker"):
        assert f"AWS_LAMBDA_FUNCTION_NAME={name}" in attached[name]
    done = run(jobs, "debug", "--function", "nobody")
    assert (done.returncode, "there is no function 'nobody': name one of api, worker" in done.stderr) == (1, True)
