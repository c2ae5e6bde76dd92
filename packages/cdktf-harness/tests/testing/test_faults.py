"""Each fault, with a client that does not retry; the next call is served normally."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from cdktf_harness.cloud import Cloud, Fault, Faults

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def faults(cloud: Cloud) -> Faults:
    """What happens to the calls of this run's cloud."""
    return Faults(cloud.folder)


@pytest.fixture
def logs(cloud: Cloud) -> Iterator[Any]:
    """A client that asks once, of a cloud without log groups."""
    client = cloud.client("logs", config=ONCE)
    # Those of tests in other files, which use the same cloud.
    for name in groups(client):
        client.delete_log_group(logGroupName=name)
    yield client
    for name in groups(client):
        client.delete_log_group(logGroupName=name)


def groups(logs: Any) -> list[str]:
    """The names of the log groups that there are."""
    return [str(group["logGroupName"]) for group in logs.describe_log_groups()["logGroups"]]


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        ("error", "InternalFailure", False),
        ("throttling", "ThrottlingException", False),
        ("denied", "AccessDeniedException", False),
        ("reset", "ConnectionClosedError", False),
        ("hang", "ConnectionClosedError", False),
        ("late", "", True),
        ("lost", "ConnectionClosedError", True),
    ],
)
def test_a_fault_applies_to_one_call(logs: Any, faults: Faults, fault: Fault, error: str, done: bool) -> None:
    """The call fails as the fault specifies, and is done or not."""
    failure = ""
    with faults.on("logs:CreateLogGroup", fault, seconds=0.1) as injected:
        try:
            logs.create_log_group(logGroupName="/met")
        except ClientError as refused:
            failure = refused.response["Error"]["Code"]
        except BotoCoreError as broken:
            failure = type(broken).__name__
        assert groups(logs) == (["/met"] if done else [])
        if not done:
            logs.create_log_group(logGroupName="/met")
    assert failure == error
    assert injected.met == ["logs:CreateLogGroup"]


@pytest.mark.parametrize(
    ("call", "arguments", "code"),
    [
        ("iam:GetRole", {"RoleName": "x"}, "Throttling"),
        ("lambda:GetFunction", {"FunctionName": "x"}, "TooManyRequestsException"),
        ("apigateway:GetStage", {"restApiId": "x", "stageName": "y"}, "TooManyRequests"),
        ("s3:GetBucketAcl", {"Bucket": "x"}, "SlowDown"),
        ("dynamodb:DescribeTable", {"TableName": "x"}, "ThrottlingException"),
        ("cloudwatch:DescribeAlarms", {}, "Throttl"),
        ("sts:GetCallerIdentity", {}, "Throttling"),
    ],
)
def test_calls_are_refused_in_their_protocol(
    cloud: Cloud, faults: Faults, call: str, arguments: dict[str, str], code: str
) -> None:
    """By their names in boto3 and CloudTrail; the client can parse the refusal."""
    service, _, operation = call.partition(":")
    client = cloud.client(service, config=ONCE)
    with faults.on(call, "throttling") as injected, pytest.raises(ClientError, match=code):
        getattr(client, xform_name(operation))(**arguments)
    assert injected.met == [call]


def test_faults_end_with_their_block(logs: Any, faults: Faults, cloud: Cloud) -> None:
    """Calls are not recorded any more, either."""
    hurried = cloud.client("logs", config=Config(retries={"total_max_attempts": 1}, read_timeout=0.2))
    with faults.on("*", "hang", seconds=60) as hung:
        with pytest.raises(ReadTimeoutError):
            hurried.describe_log_groups()
        # The client may have given up before its call arrived.
        hung.wait()
    with faults.recorded() as calls:
        groups(logs)
    assert groups(logs) == []
    assert calls == ["logs:DescribeLogGroups"]
    assert not (cloud.folder / "faults.json").exists()
