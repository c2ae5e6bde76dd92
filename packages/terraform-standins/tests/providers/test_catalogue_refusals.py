"""The errors of the catalogue's types."""

from __future__ import annotations

from typing import Any

import pytest

from .workspace import Workspace

Config = dict[str, Any]


VALIDATED: list[tuple[str, Config, str]] = [
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
        "aws_ssm_parameter",
        {"name": "x", "type": "String"},
        "Error: Invalid combination of arguments: one of `insecure_value,value,value_wo` must be specified",
    ),
    (
        "aws_s3_bucket",
        {"bucket": "x", "lifecycle_rule": {"enabled": True}},
        "Error: aws_s3_bucket: the bundled provider does not support the argument lifecycle_rule",
    ),
    (
        "aws_dynamodb_table",
        {"name": "x", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}, {"name": "b", "type": "S"}]},
        'Error: all attributes must be indexed. Unused attributes: ["b"]',
    ),
    (
        "aws_sqs_queue",
        {"name": "x", "delay_seconds": 901},
        "Error: expected delay_seconds to be in the range (0 - 900), got 901",
    ),
]

PLANNED: list[tuple[str, Config, str]] = [
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
