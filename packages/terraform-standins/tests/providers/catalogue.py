"""A configuration with a resource of each bundled type that is not part of an API and its function."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

Config = dict[str, Any]
ACCOUNT = "000000000000"
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/many@sha256:{'1' * 64}"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TOPIC = "${aws_sns_topic.this.arn}"
ROUTE = {
    "rest_api_id": "${aws_api_gateway_rest_api.this.id}",
    "resource_id": "${aws_api_gateway_rest_api.this.root_resource_id}",
    "http_method": "${aws_api_gateway_method.this.http_method}",
}
BUCKET = "${aws_s3_bucket.this.id}"
DASHBOARD = '{"widgets": [{"type": "text", "x": 0, "y": 0, "width": 3, "height": 3, "properties": {"markdown": "a"}}]}'


def _policy(action: str, resource: str) -> str:
    return _document({"Principal": {"AWS": "*"}, "Action": action, "Resource": resource})


def _document(statement: Config) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


RULE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10},
    "action": {"type": "expire"},
}
ROLE = "${aws_iam_role.this.name}"
RESOURCES: Config = {
    "aws_api_gateway_rest_api": {
        "name": "many",
        "tags": {"a": "b"},
        "endpoint_configuration": {"types": ["REGIONAL"]},
    },
    "aws_api_gateway_resource": {
        "rest_api_id": ROUTE["rest_api_id"],
        "parent_id": ROUTE["resource_id"],
        "path_part": "time",
    },
    "aws_api_gateway_account": {"cloudwatch_role_arn": f"arn:aws:iam::{ACCOUNT}:role/logs"},
    "aws_api_gateway_method": {
        **ROUTE,
        "http_method": "GET",
        "authorization": "NONE",
        "request_parameters": {"method.request.querystring.tz": True},
    },
    "aws_api_gateway_integration": {
        **ROUTE,
        "type": "MOCK",
        "integration_http_method": "POST",
        "request_parameters": {"integration.request.header.X": "'y'"},
    },
    "aws_api_gateway_authorizer": {
        "rest_api_id": ROUTE["rest_api_id"],
        "name": "many",
        "type": "COGNITO_USER_POOLS",
        "provider_arns": [f"arn:aws:cognito-idp:eu-central-1:{ACCOUNT}:userpool/eu-central-1_a"],
    },
    "aws_api_gateway_model": {
        "rest_api_id": ROUTE["rest_api_id"],
        "name": "many",
        "content_type": "application/json",
        "schema": '{"type": "object"}',
    },
    "aws_api_gateway_request_validator": {"rest_api_id": ROUTE["rest_api_id"], "name": "many"},
    "aws_api_gateway_method_response": {
        **ROUTE,
        "status_code": "200",
        "response_models": {"application/json": "Empty"},
        "response_parameters": {"method.response.header.A": True},
    },
    "aws_api_gateway_integration_response": {
        **ROUTE,
        "status_code": "${aws_api_gateway_method_response.this.status_code}",
        "selection_pattern": "2..",
        "response_templates": {"application/json": "{}"},
        "depends_on": ["aws_api_gateway_integration.this"],
    },
    "aws_api_gateway_gateway_response": {
        "rest_api_id": ROUTE["rest_api_id"],
        "response_type": "MISSING_AUTHENTICATION_TOKEN",
        "status_code": "404",
        "response_parameters": {"gatewayresponse.header.Cache-Control": "'no-store'"},
        "response_templates": {"application/json": '{"message": "not found"}'},
    },
    "aws_api_gateway_deployment": {
        "rest_api_id": ROUTE["rest_api_id"],
        "depends_on": ["aws_api_gateway_integration_response.this"],
    },
    "aws_api_gateway_stage": {
        "rest_api_id": ROUTE["rest_api_id"],
        "deployment_id": "${aws_api_gateway_deployment.this.id}",
        "stage_name": "prod",
        "description": "d",
        "variables": {"a": "b"},
        "xray_tracing_enabled": True,
        "access_log_settings": {"destination_arn": "arn:aws:logs:::log-group:a", "format": "f"},
        "tags": {"a": "b"},
    },
    "aws_api_gateway_method_settings": {
        "rest_api_id": ROUTE["rest_api_id"],
        "stage_name": "${aws_api_gateway_stage.this.stage_name}",
        "method_path": "*/*",
        "settings": {"metrics_enabled": True, "throttling_burst_limit": 20},
    },
    "aws_api_gateway_api_key": {"name": "many", "tags": {"a": "b"}},
    "aws_api_gateway_usage_plan": {
        "name": "many",
        "description": "d",
        "api_stages": {
            "api_id": ROUTE["rest_api_id"],
            "stage": "${aws_api_gateway_stage.this.stage_name}",
        },
        "quota_settings": {"limit": 10000, "period": "DAY"},
        "throttle_settings": {"burst_limit": 10, "rate_limit": 5},
        "tags": {"a": "b"},
    },
    "aws_api_gateway_usage_plan_key": {
        "usage_plan_id": "${aws_api_gateway_usage_plan.this.id}",
        "key_id": "${aws_api_gateway_api_key.this.id}",
        "key_type": "API_KEY",
    },
    "aws_lambda_function": {
        "function_name": "many",
        "package_type": "Image",
        "image_uri": IMAGE,
        "role": f"arn:aws:iam::{ACCOUNT}:role/many",
        "publish": True,
    },
    "aws_lambda_alias": {
        "name": "live",
        "function_name": "${aws_lambda_function.this.function_name}",
        "function_version": "${aws_lambda_function.this.version}",
    },
    "aws_lambda_permission": {
        "action": "lambda:InvokeFunction",
        "principal": "apigateway.amazonaws.com",
        "function_name": "${aws_lambda_function.this.function_name}",
        "qualifier": "${aws_lambda_alias.this.name}",
        "statement_id": "Api",
        "source_arn": f"arn:aws:execute-api:eu-central-1:{ACCOUNT}:x/prod/GET/time",
    },
    "aws_lambda_function_event_invoke_config": {
        "function_name": "${aws_lambda_function.this.function_name}",
        "qualifier": "${aws_lambda_alias.this.name}",
        "maximum_retry_attempts": 0,
        "destination_config": {"on_failure": {"destination": TOPIC}},
    },
    "aws_sns_topic": {"name": "many", "display_name": "many alarms", "kms_master_key_id": "alias/aws/sns"},
    "aws_sns_topic_subscription": {"topic_arn": TOPIC, "protocol": "email", "endpoint": "ops@example.com"},
    "aws_cloudwatch_metric_alarm": {
        "alarm_name": "many",
        "alarm_description": "slow",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 3,
        "datapoints_to_alarm": 2,
        "extended_statistic": "p95",
        "metric_name": "Duration",
        "namespace": "AWS/Lambda",
        "dimensions": {"FunctionName": "many"},
        "period": 300,
        "threshold": 1500,
        "treat_missing_data": "notBreaching",
        "alarm_actions": [TOPIC],
        "ok_actions": [TOPIC],
        "tags": {"a": "b"},
    },
    "aws_cloudwatch_dashboard": {"dashboard_name": "many", "dashboard_body": DASHBOARD},
    "aws_cloudwatch_log_group": {"name": "/many", "retention_in_days": 14, "tags": {"a": "b"}},
    "aws_kms_key": {
        "description": "many",
        "enable_key_rotation": True,
        "deletion_window_in_days": 7,
        "tags": {"a": "b"},
    },
    "aws_cloudwatch_query_definition": {
        "name": "many/errors",
        "log_group_names": ["${aws_cloudwatch_log_group.this.name}"],
        "query_string": "fields @message",
    },
    "aws_cloudwatch_log_metric_filter": {
        "name": "errors",
        "log_group_name": "${aws_cloudwatch_log_group.this.name}",
        "pattern": " ERROR ",
        "metric_transformation": {"name": "Errors", "namespace": "Many", "value": "1", "default_value": "0"},
    },
    "aws_ssm_parameter": {
        "name": "/many/secret",
        "type": "SecureString",
        "value": "v1",
        "description": "d",
        "tags": {"a": "b"},
    },
    "aws_sqs_queue": {
        "name": "many",
        "visibility_timeout_seconds": 60,
        "policy": _policy("sqs:SendMessage", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:many"),
        "redrive_allow_policy": '{"redrivePermission": "allowAll"}',
        "tags": {"a": "b"},
    },
    "aws_s3_bucket": {"bucket": "many-of-them", "force_destroy": True, "tags": {"a": "b"}},
    "aws_s3_bucket_versioning": {"bucket": BUCKET, "versioning_configuration": {"status": "Enabled"}},
    "aws_s3_bucket_public_access_block": {"bucket": BUCKET, "block_public_acls": True, "ignore_public_acls": True},
    "aws_s3_bucket_server_side_encryption_configuration": {
        "bucket": BUCKET,
        "rule": {
            "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"},
            "bucket_key_enabled": True,
        },
    },
    "aws_dynamodb_table": {
        "name": "many",
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
        "range_key": "at",
        "attribute": [{"name": name, "type": "S"} for name in ("id", "at", "owner")],
        "global_secondary_index": {"name": "by-owner", "hash_key": "owner", "projection_type": "ALL"},
        "local_secondary_index": {"name": "by-owner-local", "range_key": "owner", "projection_type": "KEYS_ONLY"},
        "stream_enabled": True,
        "stream_view_type": "NEW_IMAGE",
        "ttl": {"attribute_name": "expires", "enabled": True},
        "point_in_time_recovery": {"enabled": True},
        "server_side_encryption": {"enabled": True},
        "tags": {"a": "b"},
    },
    "aws_ecr_repository": {
        "name": "many",
        "force_delete": True,
        "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": {"scan_on_push": True},
        "tags": {"a": "b"},
    },
    "aws_ecr_lifecycle_policy": {
        "repository": "${aws_ecr_repository.this.name}",
        "policy": json.dumps({"rules": [RULE]}),
    },
    "aws_ecr_repository_policy": {
        "repository": "${aws_ecr_repository.this.name}",
        "policy": _document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "ecr:BatchGetImage"}),
    },
    "aws_iam_role": {
        "name": "many",
        "description": "d",
        "assume_role_policy": _document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
        "permissions_boundary": READ_ONLY,
        "tags": {"a": "b"},
    },
    "aws_iam_role_policy": {
        "name": "write",
        "role": ROLE,
        "policy": _document({"Action": "logs:Put*", "Resource": "*"}),
    },
    "aws_iam_role_policy_attachment": {"role": ROLE, "policy_arn": READ_ONLY},
}


def configuration() -> Config:
    """The resources, by type; each is called `this`. A test may change them."""
    return {type_: {"this": arguments} for type_, arguments in deepcopy(RESOURCES).items()}
