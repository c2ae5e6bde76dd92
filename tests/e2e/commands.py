"""The harness's command line on the shared deployment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.pytest_plugin import Deployed

STAGE = "dev"
_COMMAND = Path(sys.executable).parent / "cdktf-harness"


def run(
    deployment: Deployed, *arguments: str, aws: bool = False, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command on the deployment; `aws`: as one on AWS, for which the embedded cloud stands.

    `env` has more variables. On AWS the command knows nothing but the account's credentials and Terraform's state.
    """
    folder = deployment.app.project.folder
    folder.mkdir(exist_ok=True)
    local = folder / "local"
    if not local.exists():
        local.symlink_to(deployment.folder)
    variables = {**deployment.env, "COLUMNS": "200", **(env or {})}
    if aws:
        states = deployment.folder / "aws-states"
        states.mkdir(exist_ok=True)
        for state in (deployment.local.own / "state").glob("terraform.*.tfstate"):
            link = states / state.name.replace("terraform.", f"terraform.{STAGE}.")
            link.unlink(missing_ok=True)
            link.symlink_to(state)
        variables |= {"PROVIDERS": "bundled", "ONTRA_STATE_FOLDER": str(states)}
    return subprocess.run(
        [_COMMAND, *(["aws"] if aws else []), *arguments],
        cwd=deployment.app.root,
        env=variables,
        capture_output=True,
        text=True,
    )
