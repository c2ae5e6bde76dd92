"""What is checked before a deployment to AWS, here an embedded one, and what it may do; tests/e2e deploy to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment.aws.deployment import account
from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws, check_costs
from cdktf_harness.synthesis.app import find_app
from cdktf_harness.system.errors import HarnessError

from .conftest import TABLE, harness, stand_for_aws
from .running import FILES, write_app

STAGES = {"pyproject.toml": f'{FILES["pyproject.toml"]}stages = "stages"\n', "stages/dev.json": "{}"}


def deployed(root: Path, files: dict[str, str], number: str) -> DeployedOnAws:
    """An app that is to be tested in the account `number`."""
    cdktf = json.dumps({**json.loads(FILES["cdktf.json"]), "context": {"stage": "dev"}})
    app = find_app(write_app(root / "app", {**FILES, "cdktf.json": cdktf, **files}))
    return DeployedOnAws(app, root / "tested", number=number, stage="t-me")


def test_another_account_is_refused(tmp_path: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is deployed, with nothing left to destroy."""
    stand_for_aws(cloud, monkeypatch, region="eu-central-1", PROVIDERS="bundled")
    deployment = deployed(tmp_path, STAGES, "111111111111")
    with pytest.raises(HarnessError, match="are for account 000000000000, not 111111111111: use those of that account"):
        deployment.up()
    deployment.down()
    assert [path.name for path in tmp_path.iterdir()] == ["app"]


def test_an_app_without_stages_is_refused(tmp_path: Path) -> None:
    """The tests would change an existing deployment."""
    with pytest.raises(HarnessError, match="tests on AWS need a dedicated stage"):
        deployed(tmp_path, {}, "111111111111")


def test_types_that_are_billed_by_the_hour_are_refused() -> None:
    """And unknown types."""
    check_costs({"aws_lambda_function", "aws_api_gateway_stage", "docker_image", "terraform_data"})
    with pytest.raises(HarnessError, match="aws_lambda_provisioned_concurrency_config, aws_nat_gateway may be billed"):
        check_costs({"aws_nat_gateway", "aws_lambda_provisioned_concurrency_config", "aws_ecr_repository"})


def test_the_region_is_the_app_s_or_that_of_the_environment(
    tmp_path: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the AWS provider finds it: a setting, then the variables, then the profile. Stand-ins may be used there."""
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-3\n")
    stand_for_aws(cloud, monkeypatch, region="", AWS_CONFIG_FILE=str(config), PROVIDERS="bundled")

    def region(**context: str) -> str:
        return account(Project(root=tmp_path, context=context, stacks=())).region

    assert region() == "us-east-1"
    for name, value, found in (
        ("AWS_PROFILE", "work", "eu-west-3"),
        ("AWS_DEFAULT_REGION", "eu-west-2", "eu-west-2"),
        ("AWS_REGION", "eu-west-1", "eu-west-1"),
    ):
        monkeypatch.setenv(name, value)
        assert region() == found
    assert region(region="eu-central-1") == "eu-central-1"


STATEMENT = """
[[deploy]]
sid = "Queue"
action = ["sqs:CreateQueue", "sqs:GetQueueAttributes"]
resource = ["arn:{partition}:sqs:{region}:{account}:{name}"]
"""


def test_a_policy_is_filled_in(project: Path) -> None:
    """With the partition, the account, the region and the settings; `tests/policy` has the policies of an app."""
    app = {"app": "python main.py", "context": {"name": "jobs", "region": "cn-north-1"}}
    (project / "cdktf.json").write_text(json.dumps(app))
    (project / "pyproject.toml").write_text(f'{TABLE}policy = "rights.toml"\n')
    (project / "rights.toml").write_text(STATEMENT)
    printed = harness(project, "aws", "policy", "--account", "123456789012", "--plan")
    (statement,) = json.loads(printed.stdout)["Statement"]
    assert statement["Action"] == ["sqs:GetQueueAttributes"]
    assert statement["Resource"] == ["arn:aws-cn:sqs:cn-north-1:123456789012:jobs"]


def test_an_app_without_a_policy(project: Path) -> None:
    """One line says what to do."""
    done = harness(project, "aws", "policy", "--account", "123456789012")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert 'add `policy = "FILE.toml"` to pyproject.toml' in done.stderr
