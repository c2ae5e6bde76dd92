"""Commands on an app of two functions: on one of them by `--function`, without it on both."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cdktf_harness.cloud import debugging
from cdktf_harness.deployment.local.debugger_proxy import Debugging
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed


def run(deployment: Deployed, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the deployment, as in the folder of its app."""
    folder = deployment.app.project.folder
    folder.mkdir(exist_ok=True)
    if not (folder / "local").exists():
        (folder / "local").symlink_to(deployment.folder)
    command = [Path(sys.executable).with_name("cdktf-harness"), *arguments]
    return subprocess.run(
        command, cwd=deployment.app.root, env={**deployment.env, **env}, capture_output=True, text=True
    )


def versions(deployment: Deployed) -> dict[str, str]:
    """The live version of each function."""
    found = json.loads(run(deployment, "status", "--json").stdout)["functions"]
    assert all(one["canary"] is None for one in found.values())
    return {name: one["version"] for name, one in found.items()}


def test_a_canary_is_of_the_function_that_changes(deployment: Deployed) -> None:
    """The other one keeps its version; so it does in a rollback of one by its name."""
    before = (deployment.app.root / "worker/app.py").read_text()
    deployment.app.edit("worker/app.py", before, f"{before}# edited\n")
    done = run(deployment, "up", JOBS_CANARY="0.5", JOBS_CANARY_MINUTES="0")
    assert done.returncode == 0, done.stderr
    assert "worker: version 2 gets 50 % of the calls, version 1 the others" in done.stderr
    assert "api: version" not in done.stderr
    assert versions(deployment) == {"api": "1", "worker": "2"}
    done = run(deployment, "rollback", "1", "--function", "worker")
    assert done.returncode == 0, done.stderr
    assert versions(deployment) == {"api": "1", "worker": "3"}
    deployment.app.edit("worker/app.py", f"{before}# edited\n", before)


def test_a_debugger_attaches_to_the_function_that_is_named(deployment: Deployed, docker_engine: Engine) -> None:
    """Without a name, to the newest container, whichever function has it."""
    cloud, event = deployment.local.cloud, deployment.folder / "event.json"
    event.write_text(json.dumps({"Records": []}))
    with debugging(cloud.folder, wait=False):
        for function in ("worker", "api"):
            run(deployment, "invoke", str(event), "--function", function)
            attached = {
                name: container.attrs["Config"]["Env"]
                for name in ("jobs-api", "jobs-worker", "")
                for container in Debugging(docker_engine.client, cloud, print, name).containers()[:1]
            }
            assert f"AWS_LAMBDA_FUNCTION_NAME=jobs-{function}" in attached[""]
    for name in ("jobs-api", "jobs-worker"):
        assert f"AWS_LAMBDA_FUNCTION_NAME={name}" in attached[name]
