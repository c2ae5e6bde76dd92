"""Create, change, import and destroy a repository: the example for all AWS types."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .workspace import Workspace

ADDRESS = "aws_ecr_repository.this"
TAGS = {"default_tags": [{"tags": {"Project": "p", "Owner": "o"}}]}
Config = dict[str, Any]
PLANNED = {
    "force_delete": True,
    "image_scanning_configuration": [{"scan_on_push": True}],
    "image_tag_mutability": "IMMUTABLE",
    "image_tag_mutability_exclusion_filter": [],
    "name": "life",
    "region": "eu-central-1",
    "tags": {"Component": "c"},
    "tags_all": {"Component": "c", "Owner": "o", "Project": "p"},
    "timeouts": None,
}


@pytest.fixture
def repository() -> Config:
    """The arguments of a repository, for the test to change."""
    return {
        "name": "life",
        "force_delete": True,
        "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": {"scan_on_push": True},
        "tags": {"Component": "c"},
    }


def write(workspace: Workspace, repository: Config) -> None:
    """Write a configuration with that repository."""
    workspace.write(provider={"aws": TAGS}, resource={"aws_ecr_repository": {"this": repository}})


def test_create_plans_what_is_known(offline: Workspace, repository: Config) -> None:
    """The first plan knows names, defaults and tags, nothing else, and needs no cloud."""
    write(offline, repository)
    change = offline.plan()[ADDRESS]
    assert change["after"] == {**PLANNED, "encryption_configuration": []}
    unknown = {name for name, value in change["after_unknown"].items() if value is True}
    assert unknown == {"arn", "id", "registry_id", "repository_url"}


def test_state_is_that_of_the_real_provider(
    workspace: Workspace, repository: Config, aws: Callable[[str], Any]
) -> None:
    """An apply stores the real provider's values, the next plan is empty, a destroy leaves nothing."""
    write(workspace, repository)
    workspace.apply()
    assert workspace.state(ADDRESS) == {
        **PLANNED,
        "arn": "arn:aws:ecr:eu-central-1:000000000000:repository/life",
        "encryption_configuration": [{"encryption_type": "AES256", "kms_key": ""}],
        "id": "life",
        "registry_id": "000000000000",
        "repository_url": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/life",
    }
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
    assert aws("ecr").describe_repositories()["repositories"] == []


def test_changes(workspace: Workspace, repository: Config, aws: Callable[[str], Any]) -> None:
    """Most arguments change in place, the encryption replaces, a removed tag is removed."""
    write(workspace, repository)
    workspace.apply()
    repository["image_scanning_configuration"]["scan_on_push"] = False
    repository["tags"] = {"Other": "x"}
    write(workspace, repository)
    assert workspace.plan()[ADDRESS]["actions"] == ["update"]
    workspace.converge()
    ecr = aws("ecr")
    (there,) = ecr.describe_repositories(repositoryNames=["life"])["repositories"]
    tags = ecr.list_tags_for_resource(resourceArn=there["repositoryArn"])["tags"]
    assert there["imageScanningConfiguration"] == {"scanOnPush": False}
    assert {tag["Key"] for tag in tags} == {"Other", "Owner", "Project"}

    write(workspace, {**repository, "encryption_configuration": {"encryption_type": "KMS"}})
    change = workspace.plan()[ADDRESS]
    assert change["actions"] == ["delete", "create"]
    assert change["replace_paths"] == [["encryption_configuration", 0, "encryption_type"]]


def test_changed_behind_terraforms_back(workspace: Workspace, repository: Config, aws: Callable[[str], Any]) -> None:
    """Drift is found and repaired; a deleted repository is created again."""
    write(workspace, repository)
    workspace.apply()
    aws("ecr").put_image_tag_mutability(repositoryName="life", imageTagMutability="MUTABLE")
    change = workspace.plan()[ADDRESS]
    assert (change["before"]["image_tag_mutability"], change["after"]["image_tag_mutability"]) == (
        "MUTABLE",
        "IMMUTABLE",
    )
    aws("ecr").delete_repository(repositoryName="life", force=True)
    assert workspace.plan()[ADDRESS]["actions"] == ["create"]
    workspace.converge()


def test_already_there(workspace: Workspace, repository: Config, aws: Callable[[str], Any]) -> None:
    """AWS's error has the real provider's words."""
    aws("ecr").create_repository(repositoryName="life")
    write(workspace, repository)
    assert (
        "Error: creating ECR Repository (life): operation error ECR: CreateRepository, "
        "https response error StatusCode: 400, RequestID:"
    ) in workspace.fails("apply", "-auto-approve")


def test_policies(workspace: Workspace, repository: Config) -> None:
    """Policies are normalised; another order of keys is no change; the lifecycle policy has no update."""
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10},
        "action": {"type": "expire"},
    }
    statement = {
        "Sid": "Pull",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }

    def policies(lifecycle: Config, pull: Config, **how: Any) -> None:
        names = {"repository": "${aws_ecr_repository.this.name}"}
        workspace.write(
            resource={
                "aws_ecr_repository": {"this": repository},
                "aws_ecr_lifecycle_policy": {"this": {**names, "policy": json.dumps(lifecycle, **how)}},
                "aws_ecr_repository_policy": {"this": {**names, "policy": json.dumps(pull, **how)}},
            }
        )

    policies({"rules": [rule]}, {"Version": "2012-10-17", "Statement": [statement]})
    workspace.apply()
    stored = workspace.state("aws_ecr_lifecycle_policy.this")
    assert stored["id"] == "life"
    assert stored["policy"].startswith('{"rules":[{"action":{"type":"expire"},"rulePriority":1,')
    policies({"rules": [rule]}, {"Statement": statement, "Version": "2012-10-17"}, indent=2, sort_keys=True)
    assert workspace.plan() == {}
    rule["selection"] = {**rule["selection"], "countNumber": 3}  # type: ignore[dict-item]
    statement["Sid"] = "Other"
    policies({"rules": [rule]}, {"Version": "2012-10-17", "Statement": [statement]})
    actions = {address: change["actions"] for address, change in workspace.plan().items()}
    assert actions == {
        "aws_ecr_lifecycle_policy.this": ["delete", "create"],
        "aws_ecr_repository_policy.this": ["update"],
    }
    workspace.converge()
