"""AWS is not ready yet, or fails in the middle of an operation."""

from __future__ import annotations

import pytest
from http_server import Response, serving

from cdktf_harness.cloud import Fault, Faults

from .workspace import Workspace


def test_role_not_there_yet(workspace: Workspace, faults: Faults) -> None:
    """The create of a function is retried until Lambda can assume its new role."""
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
    """A resource stays in the state if a later step of its create fails, and the next apply replaces it."""
    group = {"name": "/half", "retention_in_days": 14}
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": group}})
    with faults.refuse("logs:PutRetentionPolicy", 400, "AccessDeniedException", "not yours"):
        errors = workspace.fails("apply", "-auto-approve")
    assert "Error: creating CloudWatch Logs Log Group (/half): operation error" in errors
    assert "AccessDeniedException: not yours" in errors
    assert workspace.actions() == {"aws_cloudwatch_log_group.this": ["delete", "create"]}
    workspace.converge()


def test_refused(workspace: Workspace, faults: Faults) -> None:
    """A permanent error is not retried, and the user sees AWS's message."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/mine"}}})
    with faults.recorded() as calls, faults.on("logs:CreateLogGroup", "denied", times=9) as refusal:
        errors = workspace.fails("apply", "-auto-approve")
    assert "https response error StatusCode: 403" in errors
    assert "AccessDeniedException: User is not authorized to perform: logs:CreateLogGroup" in errors
    assert calls == refusal.met == ["logs:CreateLogGroup"]


@pytest.mark.parametrize(("fault", "times"), [("error", 6), ("throttling", 1), ("reset", 1), ("lost", 1)])
def test_what_passes_is_waited_for(workspace: Workspace, faults: Faults, fault: Fault, times: int) -> None:
    """With as many attempts as the real provider makes, more than an SDK's default."""
    workspace.write(resource={"aws_sqs_queue": {"this": {"name": "patient"}}})
    with faults.on("sqs:GetQueueAttributes", fault, times=times) as injected:
        workspace.apply()
    assert len(injected.met) == times


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("error", "https response error StatusCode: 500, RequestID: "),
        ("reset", 'request send failed, Post "http://localhost:'),
    ],
)
def test_what_does_not_pass(workspace: Workspace, faults: Faults, fault: Fault, end: str) -> None:
    """The error has the real provider's words, with the number of attempts."""
    workspace.write(provider={"aws": {"max_retries": 2}}, resource={"aws_sqs_queue": {"this": {"name": "net"}}})
    with faults.on("sqs:CreateQueue", fault, times=3) as injected:
        errors = workspace.fails("apply", "-auto-approve")
    start = "creating SQS Queue (net): operation error SQS: CreateQueue, exceeded maximum number of attempts, 2, "
    assert start in errors
    assert end in errors
    assert len(injected.met) == 2


def test_an_answer_that_cannot_be_read(workspace: Workspace) -> None:
    """The call is repeated, and the error has the real provider's words."""
    workspace.write(provider={"aws": {"max_retries": 2}}, resource={"aws_sqs_queue": {"this": {"name": "net"}}})
    with serving(lambda _: Response(b"<html>It works!")) as port:
        workspace.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        errors = workspace.fails("apply", "-auto-approve")
    assert (
        "creating SQS Queue (net): operation error SQS: CreateQueue, exceeded maximum number of attempts, 2, " in errors
    )
    assert "deserialization failed, failed to decode response body, invalid character '<' looking for" in errors


def test_no_cloud(offline: Workspace) -> None:
    """On this machine the error comes at once and says what to do."""
    offline.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/net"}}})
    errors = offline.fails("apply", "-auto-approve")
    assert "(/net): the cloud at http://127.0.0.1:9 does not answer: start it, or fix the endpoint" in errors


def test_an_unknown_host(offline: Workspace) -> None:
    """It is not retried."""
    offline.env["AWS_ENDPOINT_URL"] = "http://no-such-host.invalid:9"
    offline.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/net"}}})
    errors = offline.fails("apply", "-auto-approve")
    assert (
        'CreateLogGroup, https response error StatusCode: 0, RequestID: , request send failed, Post "http://' in errors
    )
    assert "dial tcp: lookup no-such-host.invalid: no such host" in errors


@pytest.mark.parametrize(
    ("created", "call", "missing"),
    [
        (b'{"nothing": "x"}', "creating", "CreateRestApi: missing 'id'"),
        (b'{"id": "a"}', "reading", "GetRestApi: missing 'name'"),
    ],
    ids=["create", "read"],
)
def test_an_answer_that_lacks_something(workspace: Workspace, created: bytes, call: str, missing: str) -> None:
    """The error has the cloud, the call and its answer, and no Python exception."""
    workspace.write(resource={"aws_api_gateway_rest_api": {"this": {"name": "a"}}})

    answers = {"POST": Response(created, 201), "GET": Response(b'{"nothing": "x"}')}
    with serving(lambda request: answers[request.method]) as port:
        url = workspace.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        errors = workspace.fails("apply", "-auto-approve")
    told = f'the cloud at {url} answered {{"nothing": "x"}} to {missing}'
    assert f"Error: {call} API Gateway REST API (a): {told}" in errors
