"""AWS that is not ready yet, or fails half-way."""

from __future__ import annotations

from cdktf_harness.testing.faults import Faults

from .workspace import Workspace


def test_role_not_there_yet(workspace: Workspace, faults: Faults) -> None:
    """A function whose role IAM has just made is tried again until Lambda can assume the role."""
    not_yet = "The role defined for the function cannot be assumed by Lambda."
    function = {
        "function_name": "patient",
        "package_type": "Image",
        "image_uri": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/x:1",
        "role": "arn:aws:iam::000000000000:role/new",
    }
    workspace.write(resource={"aws_lambda_function": {"this": function}})
    with faults.refuse("lambda:CreateFunction", 400, "InvalidParameterValueException", not_yet, times=2) as refusal:
        workspace.apply()
    assert workspace.state("aws_lambda_function.this")["version"] == "$LATEST"
    assert len(refusal.met) == 2


def test_half_made(workspace: Workspace, faults: Faults) -> None:
    """A resource that AWS made before a later step failed is not lost: the next apply replaces it."""
    group = {"name": "/half", "retention_in_days": 14}
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": group}})
    with faults.refuse("logs:PutRetentionPolicy", 400, "AccessDeniedException", "not yours"):
        errors = workspace.fails("apply", "-auto-approve")
    assert "Error: creating CloudWatch Logs Log Group (/half): operation error" in errors
    assert "AccessDeniedException: not yours" in errors
    assert workspace.actions() == {"aws_cloudwatch_log_group.this": ["delete", "create"]}
    workspace.apply()
    assert workspace.plan() == {}


def test_refused(workspace: Workspace, faults: Faults) -> None:
    """What AWS refuses for good is not tried again, and its words reach the user."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/mine"}}})
    with faults.recorded() as calls, faults.on("logs:CreateLogGroup", "denied", times=9) as refusal:
        errors = workspace.fails("apply", "-auto-approve")
    assert "https response error StatusCode: 403" in errors
    assert "AccessDeniedException: User is not authorized to perform: logs:CreateLogGroup" in errors
    assert calls == refusal.met == ["logs:CreateLogGroup"]
