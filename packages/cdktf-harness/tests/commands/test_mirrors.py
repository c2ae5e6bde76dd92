"""The real providers from a mirror that the user's own Terraform configuration names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inner_run import passed

from .conftest import harness, write
from .mirrors import filesystem_mirror, network_mirror

APP = """
synth({name: {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"group": {"name": name}}},
    "output": {"name": {"value": "${aws_cloudwatch_log_group.group.name}"}},
} for name in STACKS})
"""


def write_stacks(root: Path, *names: str) -> None:
    """Write an app of stacks that need the AWS provider."""
    write(root, APP.replace("STACKS", repr(names)))
    (root / "pyproject.toml").write_text(f"[tool.cdktf-harness]\nstacks = {json.dumps(names)}\n")


@pytest.fixture
def project(project: Path) -> Path:
    """An app of two stacks that need the AWS provider."""
    write_stacks(project, "one", "two")
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


def test_a_registry_that_cannot_be_reached_is_told(project: Path) -> None:
    """With what helps: the bundled providers are two."""
    other = {"source": "localhost:1/some/other", "version": "1.0.0"}
    write(project, f"synth({{'one': {{'terraform': {{'required_providers': {{'other': {other}}}}}}}}})\n")
    (project / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["one"]\n')
    done = harness(project, "up", TF_REGISTRY_DISCOVERY_RETRY="0")
    harness(project, "down")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "error: terraform init of stack one: Failed to query available provider packages; Terraform cannot reach "
        "localhost:1: connect to the network, or name a mirror of providers in the file of TF_CLI_CONFIG_FILE with PROVIDERS=registry"
    )


def test_fixtures_take_providers_from_a_filesystem_mirror(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """So do deployments and plans in tests."""
    write_stacks(project, "one")
    configuration = filesystem_mirror(tmp_path_factory.mktemp("files"))
    (project / "test_app.py").write_text("def test_up(deployment): deployment.plan().assert_empty()\n")
    passed(project, "--cdktf-providers", "registry", TF_CLI_CONFIG_FILE=str(configuration))
