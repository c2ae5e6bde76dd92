"""The plan of the first deployment, by real Terraform with the bundled providers, without a Docker engine."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Planner


def test_the_first_deployment_creates_the_whole_stack(plan: Planner) -> None:
    """It creates every resource of the stack, and nothing else."""
    changes = plan("api")
    assert set(changes.actions.values()) == {"create"}
    assert sorted(change.type for change in changes.values()) == [
        "aws_api_gateway_deployment",
        *["aws_api_gateway_gateway_response"] * 5,
        "aws_api_gateway_integration",
        "aws_api_gateway_method",
        "aws_api_gateway_method_settings",
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


def test_what_only_a_deployment_can_tell_is_unknown(plan: Planner) -> None:
    """The digest and all that is made from it is known after the push; names are known before."""
    function = plan("api")["api/function/function"]
    assert "image_uri" in function.unknown
    assert function.after is not None
    assert function.after["function_name"] == "ontra-dev"


def test_the_registry_comes_first(plan: Planner) -> None:
    """The repository and its two policies need nothing of the other stack."""
    assert plan("registry").actions == {
        "registry/repository/repository": "create",
        "registry/repository/lifecycle": "create",
        "registry/repository/policy": "create",
    }
