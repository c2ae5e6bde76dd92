"""The configurations of the recorded errors: a resource each, derived from the messages and names of the recordings."""

from __future__ import annotations

from typing import Any

_ARN = "arn:aws:iam::000000000000:role/r"
_NO_JSON = "{oops"
_LIFECYCLE = (
    '{"rules": [{"action": {"type": "expire"}, "rulePriority": 1, '
    '"selection": {"countNumber": 1, "countType": "imageCountMoreThan", "tagStatus": "any"}}]}'
)
_TRUST = '{"Version": "2012-10-17", "Statement": []}'

# A valid resource of each type, which a case changes; None removes an argument.
_GOOD: dict[str, dict[str, Any]] = {
    "aws_api_gateway_api_key": {"name": "err"},
    "aws_api_gateway_gateway_response": {"rest_api_id": "absent", "response_type": "DEFAULT_4XX"},
    "aws_api_gateway_integration": {"rest_api_id": "a", "resource_id": "r", "http_method": "GET", "type": "MOCK"},
    "aws_api_gateway_method": {"rest_api_id": "a", "resource_id": "r", "http_method": "GET", "authorization": "NONE"},
    "aws_api_gateway_method_settings": {
        "rest_api_id": "a",
        "stage_name": "s",
        "method_path": "*/*",
        "settings": {"logging_level": "OFF"},
    },
    "aws_api_gateway_resource": {"rest_api_id": "absent", "parent_id": "p", "path_part": "x"},
    "aws_api_gateway_rest_api": {"name": "err"},
    "aws_api_gateway_stage": {"rest_api_id": "absent", "deployment_id": "d", "stage_name": "prod"},
    "aws_api_gateway_usage_plan": {"name": "err"},
    "aws_cloudwatch_dashboard": {"dashboard_name": "err", "dashboard_body": '{"widgets": []}'},
    "aws_cloudwatch_log_group": {"name": "/err"},
    "aws_cloudwatch_metric_alarm": {
        "alarm_name": "err",
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "metric_name": "Errors",
        "namespace": "AWS/Lambda",
        "period": 60,
        "statistic": "Sum",
        "threshold": 1,
    },
    "aws_ecr_lifecycle_policy": {"repository": "absent", "policy": '{"rules": []}'},
    "aws_ecr_repository": {"name": "err"},
    "aws_ecr_repository_policy": {"repository": "err", "policy": _TRUST},
    "aws_iam_role": {"name": "err", "assume_role_policy": _TRUST},
    "aws_iam_role_policy": {"role": "r", "policy": _TRUST},
    "aws_iam_role_policy_attachment": {
        "role": "absent",
        "policy_arn": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
    },
    "aws_lambda_alias": {"name": "live", "function_name": "absent", "function_version": "1"},
    "aws_lambda_function": {"function_name": "err", "role": _ARN, "package_type": "Image", "image_uri": "x"},
    "aws_lambda_function_event_invoke_config": {"function_name": "err"},
    "aws_lambda_permission": {
        "action": "lambda:InvokeFunction",
        "function_name": "absent",
        "principal": "apigateway.amazonaws.com",
    },
    "aws_sns_topic": {"name": "err"},
    "aws_sns_topic_subscription": {
        "protocol": "email",
        "topic_arn": "arn:aws:sns:eu-central-1:000000000000:t",
        "endpoint": "a@example.com",
    },
}

# By phase: recorded name -> type (without aws_) and the arguments that differ from the valid ones.
_CASES: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "validate": {
        "alarm: both statistics": ("cloudwatch_metric_alarm", {"extended_statistic": "p95"}),
        "alarm: evaluation_periods 0": ("cloudwatch_metric_alarm", {"evaluation_periods": 0}),
        "alarm: extended_statistic bad": (
            "cloudwatch_metric_alarm",
            {"statistic": None, "extended_statistic": "q95"},
        ),
        "alarm: name too long": ("cloudwatch_metric_alarm", {"alarm_name": "a" * 300}),
        "alarm: operator unknown": ("cloudwatch_metric_alarm", {"comparison_operator": "Greater"}),
        "alarm: period 7": ("cloudwatch_metric_alarm", {"period": 7}),
        "alarm: statistic unknown": ("cloudwatch_metric_alarm", {"statistic": "Median"}),
        "alarm: treat_missing_data unknown": ("cloudwatch_metric_alarm", {"treat_missing_data": "no"}),
        "api key: value too short": ("api_gateway_api_key", {"value": "short"}),
        "architecture unknown": ("lambda_function", {"architectures": ["riscv64"]}),
        "assume_role_policy: empty": ("iam_role", {"assume_role_policy": ""}),
        "assume_role_policy: invalid JSON": ("iam_role", {"assume_role_policy": _NO_JSON}),
        "assume_role_policy: text before the JSON": ("iam_role", {"assume_role_policy": f" {_TRUST}"}),
        "attachment: not an ARN": ("iam_role_policy_attachment", {"policy_arn": "x"}),
        "dashboard: invalid JSON": ("cloudwatch_dashboard", {"dashboard_body": _NO_JSON}),
        "dashboard: name bad": ("cloudwatch_dashboard", {"dashboard_name": "a b"}),
        "encryption_type unknown": ("ecr_repository", {"encryption_configuration": {"encryption_type": "ROT13"}}),
        "ephemeral_storage 1": ("lambda_function", {"ephemeral_storage": {"size": 1}}),
        "event invoke config: age 10": ("lambda_function_event_invoke_config", {"maximum_event_age_in_seconds": 10}),
        "event invoke config: retry 3": ("lambda_function_event_invoke_config", {"maximum_retry_attempts": 3}),
        "function_name too long (150)": ("lambda_function", {"function_name": "f" * 150}),
        "function_name with a space": ("lambda_function", {"function_name": "a b"}),
        "image_tag_mutability unknown": ("ecr_repository", {"image_tag_mutability": "MAYBE"}),
        "image_uri and filename": ("lambda_function", {"filename": "x.zip"}),
        "integration: timeout 10": ("api_gateway_integration", {"timeout_milliseconds": 10}),
        "integration: type unknown": ("api_gateway_integration", {"type": "MAYBE"}),
        "lifecycle policy: invalid JSON": ("ecr_lifecycle_policy", {"policy": _NO_JSON}),
        "log group name and name_prefix": ("cloudwatch_log_group", {"name_prefix": "x"}),
        "log group name with a space": ("cloudwatch_log_group", {"name": "a b"}),
        "max_session_duration 1": ("iam_role", {"max_session_duration": 1}),
        "memory_size 1": ("lambda_function", {"memory_size": 1}),
        "memory_size 20000": ("lambda_function", {"memory_size": 20000}),
        "method: http_method unknown": ("api_gateway_method", {"http_method": "FETCH"}),
        "method_settings: logging_level unknown": (
            "api_gateway_method_settings",
            {"settings": {"logging_level": "LOUD"}},
        ),
        "no code at all": ("lambda_function", {"image_uri": None}),
        "package_type unknown": ("lambda_function", {"package_type": "image"}),
        "permission: action bad": ("lambda_permission", {"action": "InvokeFunction"}),
        "permission: source_arn bad": ("lambda_permission", {"source_arn": "x"}),
        "repository policy: invalid JSON": ("ecr_repository_policy", {"policy": _NO_JSON}),
        "reserved_concurrent_executions -5": ("lambda_function", {"reserved_concurrent_executions": -5}),
        "rest api body: invalid JSON policy": ("api_gateway_rest_api", {"policy": _NO_JSON}),
        "rest api endpoint type unknown": (
            "api_gateway_rest_api",
            {"endpoint_configuration": {"types": ["LOCAL"]}},
        ),
        "retention_in_days 13": ("cloudwatch_log_group", {"retention_in_days": 13}),
        "role name too long (65)": ("iam_role", {"name": "r" * 65}),
        "role name with a space": ("iam_role", {"name": "a b"}),
        "role not an ARN": ("lambda_function", {"role": "role"}),
        "role policy: invalid JSON": ("iam_role_policy", {"policy": _NO_JSON}),
        "stage: access log destination bad": (
            "api_gateway_stage",
            {"access_log_settings": {"destination_arn": "x", "format": "f"}},
        ),
        "subscription protocol unknown": ("sns_topic_subscription", {"protocol": "pigeon"}),
        "subscription: topic not an ARN": ("sns_topic_subscription", {"topic_arn": "x"}),
        "timeout 1000": ("lambda_function", {"timeout": 1000}),
        "tracing mode unknown": ("lambda_function", {"tracing_config": {"mode": "On"}}),
        "two architectures": ("lambda_function", {"architectures": ["arm64", "x86_64"]}),
        "usage plan: quota period unknown": (
            "api_gateway_usage_plan",
            {"quota_settings": {"limit": 1, "period": "YEAR"}},
        ),
    },
    "plan": {
        "Zip without handler": ("lambda_function", {"package_type": "Zip", "image_uri": None, "filename": "x.zip"}),
        "topic fifo without the suffix": ("sns_topic", {"name": "a", "fifo_topic": True}),
        "topic name with a space": ("sns_topic", {"name": "a b"}),
    },
    "apply": {
        "ECR name too long": ("ecr_repository", {"name": "a" * 300}),
        "ECR name with capitals": ("ecr_repository", {"name": "Capitals"}),
        "alarm: neither statistic nor extended_statistic": ("cloudwatch_metric_alarm", {"statistic": None}),
        "alias: function not there": ("lambda_alias", {}),
        "alias: name bad": ("lambda_alias", {"name": "a b"}),
        "already there: function": ("lambda_function", {"function_name": "exists"}),
        "already there: log group": ("cloudwatch_log_group", {"name": "/exists"}),
        "already there: repository": ("ecr_repository", {"name": "exists"}),
        "already there: role": ("iam_role", {"name": "exists"}),
        "already there: topic (no error)": ("sns_topic", {"name": "exists"}),
        "attachment: role not there": ("iam_role_policy_attachment", {}),
        "environment variable name invalid": (
            "lambda_function",
            {"function_name": "variable", "environment": {"variables": {"1 x": "y"}}},
        ),
        "function_name too long for the API, not for the provider (65)": (
            "lambda_function",
            {"function_name": "f" * 65},
        ),
        "gateway response type unknown": ("api_gateway_gateway_response", {"response_type": "MAYBE"}),
        "lifecycle policy: JSON of another kind": ("ecr_lifecycle_policy", {"repository": "err", "policy": "{}"}),
        "lifecycle policy: repository not there": ("ecr_lifecycle_policy", {"policy": _LIFECYCLE}),
        "method: authorization unknown": ("api_gateway_method", {"rest_api_id": "absent", "authorization": "MAYBE"}),
        "permission: function not there": ("lambda_permission", {}),
        "repository policy: empty": ("ecr_repository_policy", {"policy": "{}"}),
        "resource: api not there": ("api_gateway_resource", {}),
        "stage: api not there": ("api_gateway_stage", {}),
    },
}

# The recorded cases that are not compared, each with the reason.
NOT_COMPARED = {
    "data ecr_image not there": "not a bundled type",
    "data ecr_repository not there": "not a bundled type",
    "push of another image under an existing tag, repository IMMUTABLE": "needs a Docker engine",
    "provider: endpoint not a URL": "the real one asks STS first, which the bundled provider never does",
    "image_config twice": "Terraform's own words: the schema decides",
    "memory_size text": "Terraform's own words: the schema decides",
    "provider: endpoint for an unknown service": "Terraform's own words: the schema decides",
    "role missing": "Terraform's own words: the schema decides",
    "unknown argument": "Terraform's own words: the schema decides",
    "unknown block attribute": "Terraform's own words: the schema decides",
}


def cases(phase: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Recorded name -> type and arguments of the cases of a phase."""
    found = {}
    for case, (short, changes) in _CASES[phase].items():
        type_ = f"aws_{short}"
        arguments = {**_GOOD[type_], **changes}
        found[case] = (type_, {name: value for name, value in arguments.items() if value is not None})
    return found
