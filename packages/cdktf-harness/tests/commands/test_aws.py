"""What a deployment to AWS asks of AWS before it begins, here of an embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdktf_harness.cloud.server_process import Cloud
from cdktf_harness.deployment.aws.deployment import account
from cdktf_harness.project.project import Project

from .standing_for_aws import stand_for_aws


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """What stands for AWS."""
    with Cloud(tmp_path_factory.mktemp("cloud")).start() as cloud:
        yield cloud


@pytest.fixture
def config(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with a person's profiles; the environment names no region."""
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-3\n")
    stand_for_aws(cloud, monkeypatch, region="", AWS_CONFIG_FILE=str(config))
    return config


@pytest.mark.usefixtures("config")
def test_the_region_is_the_app_s_or_that_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the AWS provider finds it: a setting, then the variables, then the profile. Stand-ins may be used there."""

    def region(**context: str) -> str:
        return account(Project(root=tmp_path, context=context, stacks=()), "bundled").region

    assert region() == "us-east-1"
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert region() == "eu-west-3"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert region() == "eu-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert region() == "eu-west-1"
    assert region(region="eu-central-1") == "eu-central-1"
