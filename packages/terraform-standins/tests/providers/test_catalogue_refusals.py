"""The errors of the catalogue's types."""

from __future__ import annotations

from typing import Any

import pytest

from .workspace import Workspace

Config = dict[str, Any]
STATISTICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html"


def alarm(**arguments: Any) -> Config:
    """An alarm with these arguments too."""
    metric = {"metric_name": "m", "namespace": "n", "period": 60, "statistic": "Sum", "threshold": 1}
    fixed = {"alarm_name": "x", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}
    return {name: value for name, value in {**fixed, **metric, **arguments}.items() if value is not None}


VALIDATED: list[tuple[str, Config, str]] = [
    (
        "aws_cloudwatch_metric_alarm",
        alarm(extended_statistic="p95"),
        '"statistic": conflicts with extended_statistic',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        alarm(evaluation_periods=0),
        "Error: expected evaluation_periods to be at least (1), got 0",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        alarm(statistic=None, extended_statistic="q95"),
        f"Error: invalid value for extended_statistic (invalid statistic, see: {STATISTICS})",
    ),
    ("aws_cloudwatch_metric_alarm", alarm(period=7), "Error: expected period to be divisible by 60, got: 7"),
    ("aws_cloudwatch_metric_alarm", alarm(period=8), "Error: expected period to be one of [10 30], got 8"),
    (
        "aws_cloudwatch_metric_alarm",
        alarm(evaluate_low_sample_count_percentiles="ignore"),
        "does not support the argument evaluate_low_sample_count_percentiles",
    ),
    (
        "aws_cloudwatch_dashboard",
        {"dashboard_name": "a b", "dashboard_body": "{}"},
        'Error: "dashboard_name" doesn\'t comply with restrictions ("^[0-9A-Za-z_-]+$"): "a b"',
    ),
    (
        "aws_cloudwatch_log_metric_filter",
        {
            "name": "x",
            "log_group_name": "x",
            "pattern": "",
            "metric_transformation": {"name": "a", "namespace": "b", "value": "1", "default_value": "none"},
        },
        "Error: metric_transformation.0.default_value: cannot parse 'none' as float",
    ),
    (
        "aws_lambda_function_event_invoke_config",
        {"function_name": "f", "maximum_retry_attempts": 3},
        "Error: expected maximum_retry_attempts to be in the range (0 - 2), got 3",
    ),
    (
        "aws_sns_topic_subscription",
        {"topic_arn": "x", "protocol": "pigeon", "endpoint": "x"},
        'Error: expected protocol to be one of ["application" "email"',
    ),
    (
        "aws_api_gateway_api_key",
        {"name": "x", "value": "short"},
        "Error: expected length of value to be in the range (20 - 128), got short",
    ),
    (
        "aws_api_gateway_usage_plan",
        {"name": "x", "quota_settings": {"limit": 1, "period": "YEAR"}},
        'Error: expected quota_settings.0.period to be one of ["DAY" "WEEK" "MONTH"], got YEAR',
    ),
    (
        "aws_ssm_parameter",
        {"name": "x", "type": "String"},
        "Error: Invalid combination of arguments: one of `insecure_value,value,value_wo` must be specified",
    ),
    ("aws_ssm_parameter", {"name": "x", "type": "String", "value_wo": "v"}, "does not support the argument value_wo"),
    (
        "aws_s3_bucket",
        {"bucket": "x", "versioning": {"enabled": True}},
        "Error: aws_s3_bucket: the bundled provider does not support the argument versioning",
    ),
    (
        "aws_dynamodb_table",
        {"name": "x", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}, {"name": "b", "type": "S"}]},
        'Error: all attributes must be indexed. Unused attributes: ["b"]',
    ),
    (
        "aws_dynamodb_table",
        {"name": "x", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}], "replica": {"region_name": "r"}},
        "does not support the argument replica",
    ),
    (
        "aws_sqs_queue",
        {"name": "x", "delay_seconds": 901},
        "Error: expected delay_seconds to be in the range (0 - 900), got 901",
    ),
]

PLANNED: list[tuple[str, Config, str]] = [
    ("aws_sns_topic", {"name": "a b"}, "Error: invalid topic name: a b"),
    ("aws_sns_topic", {"name": "a", "fifo_topic": True}, "Error: invalid topic name: a"),
    (
        "aws_sns_topic_subscription",
        {"topic_arn": "arn:x", "protocol": "email", "endpoint": "x", "filter_policy_scope": "MessageBody"},
        "Error: filter_policy is required when filter_policy_scope is set",
    ),
    ("aws_sqs_queue", {"name": "a", "fifo_queue": True}, "Error: invalid queue name: a"),
]


@pytest.mark.parametrize(("command", "cases"), [("validate", VALIDATED), ("plan", PLANNED)], ids=["validate", "plan"])
def test_bad_values(offline: Workspace, command: str, cases: list[tuple[str, Config, str]]) -> None:
    """Each is refused before a create, with the real provider's message or the argument's name."""
    resources: Config = {}
    for number, (type_, arguments, _) in enumerate(cases):
        resources.setdefault(type_, {})[f"x{number}"] = arguments
    errors = offline.fails(command, resource=resources)
    assert [message for _, _, message in cases if message not in errors] == []
    assert errors.count("Error: ") >= len(cases)


def test_alarm_without_a_statistic(workspace: Workspace) -> None:
    """The error comes with the apply, as with the real provider."""
    workspace.write(resource={"aws_cloudwatch_metric_alarm": {"x": alarm(statistic=None)}})
    message = "creating CloudWatch Metric Alarm (x): One of `statistic` or `extended_statistic` must be set"
    assert message in workspace.fails("apply", "-auto-approve")
