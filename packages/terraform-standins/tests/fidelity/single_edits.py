"""The edits of each recorded single change: dotted path -> new value, None removes it.

The recordings have the name of the change and its plan; these edits have the values in that plan.
"""

from __future__ import annotations

import json
from typing import Any

Edits = dict[str, Any]

# The names of the resources of the stack `api`, by type.
_NAMES = {
    "aws_api_gateway_account": "acc",
    "aws_api_gateway_api_key": "key",
    "aws_api_gateway_deployment": "dep",
    "aws_api_gateway_gateway_response": "missing",
    "aws_api_gateway_integration": "fn",
    "aws_api_gateway_method": "get",
    "aws_api_gateway_method_settings": "all",
    "aws_api_gateway_resource": "time",
    "aws_api_gateway_rest_api": "rest",
    "aws_api_gateway_stage": "prod",
    "aws_api_gateway_usage_plan": "plan",
    "aws_cloudwatch_dashboard": "dash",
    "aws_cloudwatch_log_group": "function",
    "aws_cloudwatch_metric_alarm": "errors",
    "aws_ecr_lifecycle_policy": "lc",
    "aws_ecr_repository": "repo",
    "aws_ecr_repository_policy": "pull",
    "aws_iam_role": "function",
    "aws_iam_role_policy": "logs",
    "aws_iam_role_policy_attachment": "xray",
    "aws_lambda_alias": "live",
    "aws_lambda_function": "fn",
    "aws_lambda_function_event_invoke_config": "async",
    "aws_lambda_permission": "apigw",
    "aws_sns_topic": "alarms",
    "aws_sns_topic_subscription": "mail",
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


# By type and the rest of the recording's name; paths are relative to the resource.
_EDITS: dict[str, dict[str, Edits]] = {
    "aws_ecr_lifecycle_policy": {
        "policy": {"policy": _lifecycle(20)},
        "policy: other key order and white space": {"policy": _lifecycle(10, sort_keys=True, indent=3)},
    },
    "aws_ecr_repository": {
        "encryption_configuration KMS": {"encryption_configuration": [{"encryption_type": "KMS"}]},
        "encryption_configuration: block removed": {"encryption_configuration": None},
        "force_delete": {"force_delete": False},
        "image_scanning_configuration.scan_on_push": {"image_scanning_configuration": {"scan_on_push": False}},
        "image_scanning_configuration: block removed": {"image_scanning_configuration": None},
        "image_tag_mutability": {"image_tag_mutability": "MUTABLE"},
        "name": {"name": "ontra2"},
        "tags": {"tags": {"Component": "x"}},
    },
    "aws_api_gateway_account": {"cloudwatch_role_arn": {"cloudwatch_role_arn": "${aws_iam_role.function.arn}"}},
    "aws_api_gateway_api_key": {
        "description": {"description": "other"},
        "enabled": {"enabled": False},
        "name": {"name": "other"},
        "value": {"value": "01234567890123456789012345678901"},
    },
    "aws_api_gateway_deployment": {
        "description": {"description": "other"},
        "triggers": {"triggers": {"redeploy": "other"}},
    },
    "aws_api_gateway_gateway_response": {
        "response_templates": {"response_templates": {"application/json": "{}"}},
        "response_type": {"response_type": "DEFAULT_4XX"},
        "status_code": {"status_code": "403"},
    },
    "aws_api_gateway_integration": {
        "integration_http_method": {"integration_http_method": "GET"},
        "timeout_milliseconds": {"timeout_milliseconds": 5000},
        "type": {"type": "AWS"},
        "uri (literal)": {
            "uri": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
            "arn:aws:lambda:eu-central-1:000000000000:function:other/invocations"
        },
    },
    "aws_api_gateway_method": {
        "api_key_required": {"api_key_required": False},
        "authorization": {"authorization": "AWS_IAM"},
        "http_method": {"http_method": "POST"},
        "request_parameters": {"request_parameters": {"method.request.querystring.tz": True}},
    },
    "aws_api_gateway_method_settings": {
        "logging_level": {"settings.logging_level": "INFO"},
        "method_path": {"method_path": "time/GET"},
        "throttling": {"settings.throttling_burst_limit": 40},
        "throttling removed": {"settings.throttling_burst_limit": None, "settings.throttling_rate_limit": None},
    },
    "aws_api_gateway_resource": {"path_part": {"path_part": "clock"}},
    "aws_api_gateway_rest_api": {
        "description": {"description": "other"},
        "disable_execute_api_endpoint": {"disable_execute_api_endpoint": True},
        "endpoint_configuration EDGE": {"endpoint_configuration": {"types": ["EDGE"]}},
        "minimum_compression_size": {"minimum_compression_size": "1024"},
        "name": {"name": "ontra2"},
    },
    "aws_api_gateway_stage": {
        "access_log_settings.format": {"access_log_settings.format": "$context.requestId"},
        "access_log_settings: block removed": {"access_log_settings": None},
        "description": {"description": "other"},
        "stage_name": {"stage_name": "v2"},
        "variables": {"variables": {"a": "b"}},
        "xray_tracing_enabled": {"xray_tracing_enabled": False},
    },
    "aws_api_gateway_usage_plan": {
        "name": {"name": "other"},
        "quota_settings": {"quota_settings.limit": 11},
        "throttle_settings": {"throttle_settings.burst_limit": 11},
    },
    "aws_cloudwatch_dashboard": {
        "dashboard_body": {"dashboard_body": '{"widgets":[]}'},
        "dashboard_name": {"dashboard_name": "other"},
    },
    "aws_cloudwatch_log_group": {
        "log_group_class": {"log_group_class": "INFREQUENT_ACCESS"},
        "name (access log's)": {"name": "/aws/apigateway/ontra2"},
        "name (function's)": {"name": "/aws/lambda/ontra2"},
        "retention_in_days": {"retention_in_days": 30},
        "retention_in_days removed": {"retention_in_days": None},
        "skip_destroy": {"skip_destroy": True},
    },
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled": {"actions_enabled": False},
        "alarm_description removed": {"alarm_description": None},
        "alarm_name": {"alarm_name": "ontra-other"},
        "ok_actions removed": {"ok_actions": None},
        "period": {"period": 300},
        "threshold": {"threshold": 2},
    },
    "aws_iam_role": {
        "assume_role_policy": {"assume_role_policy": _trust("lambda.amazonaws.com", "edgelambda.amazonaws.com")},
        "assume_role_policy: other key order, list for string, empty Sid (same meaning)": {
            "assume_role_policy": _trust("lambda.amazonaws.com", Sid="")
        },
        "description": {"description": "other"},
        "max_session_duration": {"max_session_duration": 7200},
        "name": {"name": "ontra-function2"},
        "path": {"path": "/other/"},
        "tags changed": {"tags": {"Component": "x"}},
        "tags removed": {"tags": None},
        "tags: one equal to a default tag": {"tags.Project": "ontra"},
        "tags: one overrides a default tag": {"tags.Project": "other"},
    },
    "aws_iam_role_policy": {"name": {"name": "other"}},
    "aws_iam_role_policy_attachment": {"policy_arn": {"policy_arn": "arn:aws:iam::aws:policy/AWSXrayFullAccess"}},
    "aws_lambda_alias": {
        "description": {"description": "other"},
        "function_version": {"function_version": "$LATEST"},
        "name": {"name": "green"},
    },
    "aws_lambda_function": {
        "architectures": {"architectures": ["x86_64"]},
        "description": {"description": "other"},
        "environment: block removed": {"environment": None},
        "environment: variable added": {"environment.variables.NEW": "1"},
        "environment: variable changed": {"environment.variables.STAGE": "x"},
        "ephemeral_storage": {"ephemeral_storage": {"size": 1024}},
        "function_name": {"function_name": "ontra2"},
        "image_config.command": {"image_config.command": ["app.other"]},
        "image_config: block removed": {"image_config": None},
        "image_uri (literal, other digest)": {"image_uri": f"{_REPOSITORY_ARN}@sha256:{'0' * 64}"},
        "memory_size": {"memory_size": 512},
        "package_type": {
            "package_type": "Zip",
            "image_uri": None,
            "image_config": None,
            "handler": "a.b",
            "runtime": "python3.11",
            "s3_bucket": "b",
            "s3_key": "k",
        },
        "publish false": {"publish": False},
        "reserved_concurrent_executions": {"reserved_concurrent_executions": 5},
        "role (literal)": {"role": "arn:aws:iam::000000000000:role/other"},
        "tags": {"tags": {"A": "1"}},
        "timeout": {"timeout": 15},
        "tracing_config.mode": {"tracing_config.mode": "PassThrough"},
        "tracing_config: block removed": {"tracing_config": None},
    },
    "aws_lambda_function_event_invoke_config": {
        "destination_config removed": {"destination_config": None},
        "maximum_retry_attempts": {"maximum_retry_attempts": 1},
    },
    "aws_lambda_permission": {
        "source_arn": {"source_arn": "${aws_api_gateway_rest_api.rest.execution_arn}/*/*"},
        "statement_id": {"statement_id": "Other"},
    },
    "aws_sns_topic": {
        "display_name": {"display_name": "other"},
        "kms_master_key_id removed": {"kms_master_key_id": None},
        "name": {"name": "ontra-alarms2"},
    },
    "aws_sns_topic_subscription": {
        "endpoint": {"endpoint": "other@example.com"},
        "filter_policy": {"filter_policy": '{"a":["b"]}'},
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
    resource = f"resource.{type_}.{'access' if what in _ACCESS_LOG else _NAMES[type_]}"
    if what == "dashboard_body: only white space":
        body = config["resource"][type_]["dash"]["dashboard_body"]
        return {f"{resource}.dashboard_body": body.replace(", ", " ,\n ")}
    return {f"{resource}.{path}": value for path, value in _EDITS[type_][what].items()}
