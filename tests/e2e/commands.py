"""The harness's command line on the shared deployment."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from commands.running import COMMAND, completed

from cdktf_harness.project import environment
from cdktf_harness.project.variables import STATES
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws

STAGE = "dev"


def run(
    deployment: Deployed, *arguments: str, aws: bool = False, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command on the deployment; `aws`: as one on AWS, for which the embedded cloud stands.

    `env` has more variables. On AWS the command knows nothing but the account's credentials and Terraform's state.
    """
    group = ["aws"] if aws or isinstance(deployment, DeployedOnAws) else []
    own = {**variables(deployment, aws=aws), **(env or {})}
    return completed(deployment.app.root, *group, *arguments, env=own, clear=True)


@contextmanager
def running(
    deployment: Deployed, *arguments: str, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command while the block runs; then it must have ended, or it is killed."""
    command, own = [str(COMMAND), *arguments], {**variables(deployment), **(env or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=deployment.app.root, env=own, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def variables(deployment: Deployed, *, aws: bool = False) -> dict[str, str]:
    """Return the environment of a command on the deployment."""
    if isinstance(deployment, DeployedOnAws):
        return {**deployment.env, "COLUMNS": "200", "PROVIDERS": environment.providers("registry")}
    folder = deployment.app.project.folder
    folder.mkdir(exist_ok=True)
    local = folder / "local"
    if not local.exists():
        local.symlink_to(deployment.folder)
    own = {**deployment.env, "COLUMNS": "200"}
    if aws:
        states = deployment.folder / "aws-states"
        states.mkdir(exist_ok=True)
        for state in (deployment.local.own / "state").glob("terraform.*.tfstate"):
            link = states / state.name.replace("terraform.", f"terraform.{STAGE}.")
            link.unlink(missing_ok=True)
            link.symlink_to(state)
        # Without that of `make env`, in whose shell commands for AWS are refused.
        own |= {"PROVIDERS": "bundled", "ONTRA_STATE_FOLDER": str(states), STATES: ""}
    return own
