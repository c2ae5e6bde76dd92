"""What real Terraform would do to the stacks, with the bundled providers and without any Docker engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cdktf_harness.errors import CommandFailed
from cdktf_harness.local import LocalDeployment
from cdktf_harness.plan import Plan
from checkout import Checkout


@pytest.fixture(scope="module")
def deployment(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDeployment]:
    """A cloud with nothing but the registry in it."""
    deployment = checkout.deployment(tmp_path_factory.mktemp("plan"))
    try:
        deployment.start(images=False)
        deployment.env = {**deployment.env, "DOCKER_HOST": "unix:///nonexistent/docker.sock"}
        deployment.cdktf("deploy", "registry", "--auto-approve")
        yield deployment
    except CommandFailed as failure:
        pytest.fail(f"{failure}\n{failure.output}")
    finally:
        deployment.remove()


@pytest.fixture(scope="module")
def first_plan(deployment: LocalDeployment) -> Plan:
    """The plan of the api stack before its first deployment."""
    return deployment.plan("api")


def test_the_first_deployment_creates_the_whole_stack(first_plan: Plan) -> None:
    """One resource for each thing that the stack is made of, and nothing else is touched."""
    assert set(first_plan.actions.values()) == {"create"}
    assert sorted(address.partition(".")[0] for address in first_plan.actions) == [
        "aws_api_gateway_deployment",
        "aws_api_gateway_integration",
        "aws_api_gateway_method",
        "aws_api_gateway_resource",
        "aws_api_gateway_rest_api",
        "aws_api_gateway_stage",
        "aws_cloudwatch_log_group",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_lambda_alias",
        "aws_lambda_function",
        "aws_lambda_permission",
        "docker_registry_image",
    ]


def test_what_only_a_deployment_can_tell_is_unknown(first_plan: Plan) -> None:
    """The digest and all that is made from it is known after the push; names are known before."""
    (function,) = (
        change for address, change in first_plan.changes.items() if address.startswith("aws_lambda_function.")
    )
    assert function["after_unknown"]["image_uri"] is True
    assert function["after"]["function_name"] == "ontra-prod"


def test_the_registry_is_planned_from_what_is_there(
    deployment: LocalDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer images kept replaces the lifecycle policy, which has no update, and touches nothing else."""
    monkeypatch.setattr(deployment, "env", {**deployment.env, "ONTRA_IMAGES_KEPT": "3"})
    (action,) = deployment.plan("registry").actions.items()
    assert action[0].startswith("aws_ecr_lifecycle_policy.")
    assert action[1] == "delete+create"
