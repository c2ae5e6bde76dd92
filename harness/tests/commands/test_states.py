"""Where Terraform's state is: in the folder of the local deployment, whatever backend the app has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .conftest import harness
from .remote_states import elsewhere, write_app

# What leads to a real state or account, where a person has it in the environment.
REAL = {
    "TF_HTTP_ADDRESS": "http://127.0.0.1:9/",
    "TF_TOKEN_app_terraform_io": "real",
    "TF_WORKSPACE": "real",
    "TF_CLI_ARGS_init": "-backend-config=address=http://127.0.0.1:9/",
    "AWS_PROFILE": "real",
}


def test_no_command_touches_the_state_of_the_real_deployment(tmp_path: Path) -> None:
    """Stacks with a state on an HTTP server, in S3 and in HCP Terraform deploy, and read one another's outputs."""
    write_app(tmp_path)
    with elsewhere() as (url, asked):
        env = {**REAL, "ELSEWHERE": url}
        try:
            done = harness(tmp_path, "up", **env)
            states = sorted((tmp_path / ".cdktf-harness/local/state").glob("*.tfstate"))
            resources = [json.loads(path.read_text())["resources"][-1] for path in states]
        finally:
            harness(tmp_path, "down", **env)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in states] == [f"terraform.{name}.tfstate" for name in ("first", "second", "third")]
    assert resources[1]["instances"][0]["attributes"]["name"] == "one"
    assert asked == []
    assert list(tmp_path.rglob("*.tfstate*")) == []


def test_no_fixture_touches_the_state_of_the_real_deployment(tmp_path: Path) -> None:
    """The gate applies, plans and destroys all stacks, with and without CDKTF's command line."""
    write_app(tmp_path)
    (tmp_path / "test_app.py").write_text("def test_gate(assert_converges): assert_converges()\n")
    with elsewhere() as (url, asked):
        inner = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env={**inner, **REAL, "ELSEWHERE": url},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout
    assert asked == []
    assert list(tmp_path.rglob("*.tfstate*")) == []
