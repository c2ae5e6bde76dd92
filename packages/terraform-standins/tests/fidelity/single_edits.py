"""The edits of each recorded single change: dotted path -> new value, None removes it.

The recordings have the name of the change and its plan; these edits have the values in that plan.
"""

from __future__ import annotations

import json
import re
from typing import Any

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

_REPOSITORY_ARN = "000000000000.dkr.ecr.eu-central-1.amazonaws.com/ontra"
_TAGS = {"Environment": "prod", "ManagedBy": "cdktf", "Project": "ontra"}


def _lifecycle(count: int, **dumps: Any) -> str:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count}
    rule = {"rulePriority": 1, "description": f"keep the last {10} images", "selection": selection}
    return json.dumps({"rules": [rule | {"action": {"type": "expire"}}]}, **dumps)


def _trust(*services: str, **statement: str) -> str:
    principal: Any = {"Service": list(services)}
    allow = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal, **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


# The new value of the argument with which the rest of the recording's name begins, by type; not if it is removed.
_VALUES: dict[str, dict[str, Any]] = {
    "aws_ecr_lifecycle_policy": {
        "policy": _lifecycle(20),
        "policy: other key order and white space": _lifecycle(10, sort_keys=True, indent=3),
    },
    "aws_ecr_repository": {
        "encryption_configuration KMS": [{"encryption_type": "KMS"}],
        "force_delete": False,
        "image_tag_mutability": "MUTABLE",
        "name": "ontra2",
        "tags": {"Component": "x"},
    },
    "aws_api_gateway_account": {"cloudwatch_role_arn": "${aws_iam_role.function.arn}"},
    "aws_api_gateway_api_key": {
        "description": "other",
        "enabled": False,
        "name": "other",
        "value": "01234567890123456789012345678901",
    },
    "aws_api_gateway_deployment": {"description": "other", "triggers": {"redeploy": "other"}},
    "aws_api_gateway_gateway_response": {
        "response_templates": {"application/json": "{}"},
        "response_type": "DEFAULT_4XX",
        "status_code": "403",
    },
    "aws_api_gateway_integration": {
        "integration_http_method": "GET",
        "timeout_milliseconds": 5000,
        "type": "AWS",
        "uri (literal)": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:eu-central-1:000000000000:function:other/invocations",
    },
    "aws_api_gateway_method": {
        "api_key_required": False,
        "authorization": "AWS_IAM",
        "http_method": "POST",
        "request_parameters": {"method.request.querystring.tz": True},
    },
    "aws_api_gateway_method_settings": {"method_path": "time/GET"},
    "aws_api_gateway_resource": {"path_part": "clock"},
    "aws_api_gateway_rest_api": {
        "description": "other",
        "disable_execute_api_endpoint": True,
        "endpoint_configuration EDGE": {"types": ["EDGE"]},
        "minimum_compression_size": "1024",
        "name": "ontra2",
    },
    "aws_api_gateway_stage": {
        "access_log_settings.format": "$context.requestId",
        "description": "other",
        "stage_name": "v2",
        "variables": {"a": "b"},
        "xray_tracing_enabled": False,
    },
    "aws_api_gateway_usage_plan": {"name": "other"},
    "aws_cloudwatch_dashboard": {"dashboard_body": '{"widgets":[]}', "dashboard_name": "other"},
    "aws_cloudwatch_log_group": {
        "log_group_class": "INFREQUENT_ACCESS",
        "name (access log's)": "/aws/apigateway/ontra2",
        "name (function's)": "/aws/lambda/ontra2",
        "retention_in_days": 30,
        "skip_destroy": True,
    },
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled": False,
        "alarm_name": "ontra-other",
        "period": 300,
        "threshold": 2,
    },
    "aws_iam_role": {
        "assume_role_policy": _trust("lambda.amazonaws.com", "edgelambda.amazonaws.com"),
        "assume_role_policy: other key order, list for string, empty Sid (same meaning)": _trust(
            "lambda.amazonaws.com", Sid=""
        ),
        "description": "other",
        "max_session_duration": 7200,
        "name": "ontra-function2",
        "path": "/other/",
        "tags changed": {"Component": "x"},
    },
    "aws_iam_role_policy": {"name": "other"},
    "aws_iam_role_policy_attachment": {"policy_arn": "arn:aws:iam::aws:policy/AWSXrayFullAccess"},
    "aws_lambda_alias": {"description": "other", "function_version": "$LATEST", "name": "green"},
    "aws_lambda_function": {
        "architectures": ["x86_64"],
        "description": "other",
        "ephemeral_storage": {"size": 1024},
        "function_name": "ontra2",
        "image_config.command": ["app.other"],
        "image_uri (literal, other digest)": f"{_REPOSITORY_ARN}@sha256:{'0' * 64}",
        "memory_size": 512,
        "publish false": False,
        "reserved_concurrent_executions": 5,
        "role (literal)": "arn:aws:iam::000000000000:role/other",
        "tags": {"A": "1"},
        "timeout": 15,
        "tracing_config.mode": "PassThrough",
    },
    "aws_lambda_function_event_invoke_config": {"maximum_retry_attempts": 1},
    "aws_lambda_permission": {
        "source_arn": "${aws_api_gateway_rest_api.rest.execution_arn}/*/*",
        "statement_id": "Other",
    },
    "aws_sns_topic": {"display_name": "other", "name": "ontra-alarms2"},
    "aws_sns_topic_subscription": {"endpoint": "other@example.com", "filter_policy": '{"a":["b"]}'},
}
# The edits of a resource whose paths the recording's name does not have.
_PATHS: dict[str, Edits] = {
    "aws_ecr_repository.image_scanning_configuration.scan_on_push": {
        "image_scanning_configuration": {"scan_on_push": False}
    },
    "aws_api_gateway_method_settings.logging_level": {"settings.logging_level": "INFO"},
    "aws_api_gateway_method_settings.throttling": {"settings.throttling_burst_limit": 40},
    "aws_api_gateway_method_settings.throttling removed": {
        "settings.throttling_burst_limit": None,
        "settings.throttling_rate_limit": None,
    },
    "aws_api_gateway_usage_plan.quota_settings": {"quota_settings.limit": 11},
    "aws_api_gateway_usage_plan.throttle_settings": {"throttle_settings.burst_limit": 11},
    "aws_iam_role.tags: one equal to a default tag": {"tags.Project": "ontra"},
    "aws_iam_role.tags: one overrides a default tag": {"tags.Project": "other"},
    "aws_lambda_function.environment: variable added": {"environment.variables.NEW": "1"},
    "aws_lambda_function.environment: variable changed": {"environment.variables.STAGE": "x"},
    "aws_lambda_function.package_type": {
        "package_type": "Zip",
        "image_uri": None,
        "image_config": None,
        "handler": "a.b",
        "runtime": "python3.11",
        "s3_bucket": "b",
        "s3_key": "k",
    },
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
    changes: Edits = _PATHS.get(name) or {argument: _VALUES.get(type_, {}).get(what)}
    if what == "dashboard_body: only white space":
        changes = {argument: resources[named]["dashboard_body"].replace(", ", " ,\n ")}
    return {f"resource.{type_}.{named}.{path}": value for path, value in changes.items()}
