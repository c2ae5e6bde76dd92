"""CDKTF's command line and the harness deploy the same, each over the deployment of the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.synthesis.matching import ABSENT, differences
from cdktf_harness.system.programs import ESCAPES

pytestmark = pytest.mark.embedded

CDKTF = Path(sys.executable).parent / "cdktf"
# Arguments that differ in each deployment: generated ids, times, what is made of them, and what the first refresh adds.
GENERATED = {
    *("arn", "build", "cache_namespace", "code_sha256", "create_date", "created_date", "deployment_id"),
    *("execution_arn", "function_version", "id", "image_uri", "inline_policy", "invoke_arn", "invoke_url", "key_id"),
    *("kms_master_key_id", "last_modified", "managed_policy_arns", "name", "parent_id", "policy", "qualified_arn"),
    *("qualified_invoke_arn", "query_definition_id", "resource_id", "rest_api_id", "root_resource_id"),
    *("sha256_digest", "source_arn", "statement_id", "triggers", "unique_id", "version"),
}
EMPTY: tuple[Any, ...] = (None, ABSENT, "", 0, [], {})


def cdktf(deployment: Deployed, *arguments: str) -> str:
    """Run `cdktf` as a user does in the environment of the deployment, and return what it prints."""
    command = [str(CDKTF), *arguments]
    done = subprocess.run(command, cwd=deployment.app.root, env=deployment.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return ESCAPES.sub("", done.stdout)


def states(deployment: Deployed) -> dict[str, dict[str, Any]]:
    """Return the arguments of each resource in Terraform's states by stack and address, without generated ones."""
    found = {}
    for file in (deployment.local.own / "state").glob("terraform.*.tfstate"):
        for resource in json.loads(file.read_text())["resources"]:
            address = f"{file.name} {resource['mode']} {resource['type']} {resource['name']}"
            (instance,) = resource["instances"]
            found[address] = {name: value for name, value in instance["attributes"].items() if name not in GENERATED}
    return found


def test_each_continues_the_deployment_of_the_other(
    changeable: Deployed, deployment_settings: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The states have the same addresses and arguments, and the other one has nothing to change."""
    changeable.up(deployment_settings)
    by_harness = states(changeable)
    assert "No changes. Your infrastructure matches the configuration." in cdktf(changeable, "diff", "api")
    cdktf(changeable, "destroy", "registry", "api", "--auto-approve")
    assert not any(changeable.states().values())
    cdktf(changeable, "deploy", "registry", "api", "--auto-approve")
    found = differences(by_harness, states(changeable))
    # A refresh replaces null by what is empty.
    different = [path for path, values in found.items() if any(value not in EMPTY for value in values)]
    assert different == [], "\n".join(different)
    capsys.readouterr()
    changeable.redeploy()
    assert "  no changes\n" in capsys.readouterr().err
    assert json.loads(changeable.answer()).keys() == {"The current epoch time"}
