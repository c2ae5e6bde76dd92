"""The real providers from a mirror that the user's own Terraform configuration names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import harness
from .mirrors import filesystem_mirror, network_mirror

APP = """
from cdktf import App, TerraformOutput, TerraformStack

app = App()
for name in ("one", "two"):
    stack = TerraformStack(app, name)
    stack.add_override("terraform.required_providers.aws", {"source": "hashicorp/aws", "version": "6.25.0"})
    stack.add_override("provider.aws", [{"region": "eu-central-1"}])
    stack.add_override("resource.aws_cloudwatch_log_group.group", {"name": name})
    TerraformOutput(stack, "name", value="${aws_cloudwatch_log_group.group.name}")
app.synth()
"""


@pytest.fixture
def project(project: Path) -> Path:
    """An app of two stacks that need the AWS provider."""
    (project / "main.py").write_text(APP)
    (project / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["one", "two"]\n')
    return project


def test_commands_take_providers_from_a_network_mirror(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Once for all stacks, and without a request to Terraform's registry, which many networks block."""
    with network_mirror(tmp_path_factory.mktemp("network")) as (configuration, certificate, asked):
        env = {"PROVIDERS": "registry", "TF_CLI_CONFIG_FILE": str(configuration), "SSL_CERT_FILE": str(certificate)}
        try:
            done = harness(project, "up", **env)
        finally:
            harness(project, "down")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"one": {"name": "one"}, "two": {"name": "two"}}
    assert [path.endswith(".zip") for path in asked].count(True) == 1


def test_fixtures_take_providers_from_a_filesystem_mirror(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """So do deployments and plans in tests."""
    configuration = filesystem_mirror(tmp_path_factory.mktemp("files"))
    (project / "test_app.py").write_text("def test_up(deployment): deployment.plan().assert_empty()\n")
    inner = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--cdktf-providers", "registry"],
        cwd=project,
        env={**inner, "TF_CLI_CONFIG_FILE": str(configuration)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
