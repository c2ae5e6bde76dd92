"""The edits of each recorded single change: dotted path -> new value, None removes it.

The recordings have the name of the change and its plan, from which most values come.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .recorded import recorded

Edits = dict[str, Any]

# The resource that is edited, by type, where the stack has several.
_NAMES = {
    "aws_cloudwatch_log_group": "function",
    "aws_cloudwatch_metric_alarm": "errors",
    "aws_iam_role": "function",
    "aws_iam_role_policy_attachment": "xray",
}
# The log group that the function's role policy does not contain.
_ACCESS_LOG = ("log_group_class", "name (access log's)", "skip_destroy")

_TAGS = {"Environment": "prod", "ManagedBy": "cdktf", "Project": "ontra"}
_LIFECYCLE = """{
  "rules": [{
    "action": {"type": "expire"},
    "description": "keep the last 10 images",
    "rulePriority": 1,
    "selection": {"countNumber": 10, "countType": "imageCountMoreThan", "tagStatus": "any"}
  }]
}"""
_TRUST = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Sid": ""}
# The edits of one resource that its recorded plan does not tell: references, lists, keys with dots, and other spellings
# of the same value. By the recording's name without the stack.
_EDITS: dict[str, Edits] = {
    "aws_ecr_lifecycle_policy.policy: other key order and white space": {"policy": _LIFECYCLE},
    "aws_ecr_repository.encryption_configuration KMS": {"encryption_configuration": [{"encryption_type": "KMS"}]},
    "aws_api_gateway_account.cloudwatch_role_arn": {"cloudwatch_role_arn": "${aws_iam_role.function.arn}"},
    "aws_api_gateway_method.request_parameters": {
        "request_parameters": {"method.request.querystring.tz": True},
    },
    "aws_api_gateway_method_settings.throttling removed": {
        "settings.throttling_burst_limit": None,
        "settings.throttling_rate_limit": None,
    },
    "aws_api_gateway_rest_api.endpoint_configuration EDGE": {"endpoint_configuration": {"types": ["EDGE"]}},
    "aws_iam_role.assume_role_policy: other key order, list for string, empty Sid (same meaning)": {
        "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [_TRUST]})
    },
    "aws_lambda_function.architectures": {"architectures": ["x86_64"]},
    "aws_lambda_function.image_config.command": {"image_config.command": ["app.other"]},
    "aws_lambda_function.package_type": {
        "package_type": "Zip",
        "image_uri": None,
        "image_config": None,
        "handler": "a.b",
        "runtime": "python3.11",
        "s3_bucket": "b",
        "s3_key": "k",
    },
    "aws_lambda_permission.source_arn": {"source_arn": "${aws_api_gateway_rest_api.rest.execution_arn}/*/*"},
}
# Edits of other things than one resource, by the recording's full name.
_OTHERS: dict[str, Edits] = {
    "registry: aws_ecr_repository_policy.policy (through the data source)": {
        "data.aws_iam_policy_document.pull.statement.0.actions": [
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchCheckLayerAvailability",
        ]
    },
    "registry: aws_ecr_repository_policy.policy: actions in other order": {
        "data.aws_iam_policy_document.pull.statement.0.actions": ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    },
    "registry: control: nothing changed": {},
    "registry: provider aws default_tags: one added": {
        "provider.aws.default_tags": [{"tags": {**_TAGS, "Owner": "team"}}]
    },
    "api: aws_cloudwatch_dashboard removed from the configuration": {"resource.aws_cloudwatch_dashboard": None},
    "api: aws_iam_role_policy.policy (through the data source)": {
        "data.aws_iam_policy_document.write_logs.statement.0.actions": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:CreateLogGroup",
        ]
    },
    "api: control: nothing changed": {},
    "api: docker_registry_image.triggers": {"resource.terraform_data.pushed.input": f"sha256:{'1' * 64}"},
    "api: provider aws default_tags: block removed": {"provider.aws.default_tags": None},
    "api: provider aws default_tags: one added": {"provider.aws.default_tags": [{"tags": {**_TAGS, "Owner": "team"}}]},
}


def edits(case: str, config: dict[str, Any]) -> Edits | None:
    """The edits of a recorded change; None for docker's resources, which are not in the adapted stacks."""
    if case in _OTHERS:
        return _OTHERS[case]
    name = case.split(": ", 1)[1]
    if name.startswith("docker_"):
        return None
    type_, what = name.split(".", 1)
    resources = config["resource"][type_]
    named = "access" if what in _ACCESS_LOG else _NAMES.get(type_, next(iter(resources)))
    argument = re.split("[: ]", what)[0]
    if what == "dashboard_body: only white space":
        changes = {argument: resources[named][argument].replace(", ", " ,\n ")}
    elif name in _EDITS:
        changes = _EDITS[name]
    else:
        changes = {argument: None} if what.endswith(" removed") else _planned(case, f"{type_}.{named}", argument)
    return {f"resource.{type_}.{named}.{path}": value for path, value in changes.items()}


def _planned(case: str, address: str, argument: str) -> Edits:
    """The values of a resource in the recorded plan: of the argument, or what changes within a block or a map."""
    (changed,) = (one["changed"] for one in recorded("single-changes")[case]["changes"] if one["address"] == address)
    values = {path: value for path, (_, value) in changed.items() if value is not None}
    if argument in values:
        return {argument: values[argument]}
    return {path.replace(".0.", "."): value for path, value in values.items() if not path.startswith("tags_all.")}
