"""Changes of the catalogue's resources: arguments by type; None removes one."""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]

IN_PLACE: Config = {
    "aws_api_gateway_rest_api": {"name": "other", "description": "d", "minimum_compression_size": "1024"},
    "aws_api_gateway_resource": {"path_part": "clock"},
    "aws_api_gateway_account": {"cloudwatch_role_arn": "arn:aws:iam::000000000000:role/other"},
    "aws_api_gateway_method": {"authorization": "AWS_IAM"},
    "aws_api_gateway_integration": {"timeout_milliseconds": 6000},
    "aws_api_gateway_authorizer": {
        "identity_source": "method.request.header.X",
        "provider_arns": ["arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_b"],
    },
    "aws_api_gateway_model": {"description": "d", "schema": '{"type": "array"}'},
    "aws_api_gateway_request_validator": {"validate_request_body": True},
    "aws_api_gateway_stage": {"description": "e", "variables": {"a": "c", "d": "e"}, "xray_tracing_enabled": False},
    "aws_api_gateway_method_settings": {
        "settings": {"metrics_enabled": True, "logging_level": "INFO", "throttling_rate_limit": 7}
    },
    "aws_cloudwatch_log_group": {"retention_in_days": 30, "tags": {"d": "e"}},
    "aws_ecr_repository": {
        "image_scanning_configuration": {"scan_on_push": False},
        "image_tag_mutability": "MUTABLE",
        "tags": {"d": "e"},
    },
    "aws_iam_role": {"max_session_duration": 7200, "permissions_boundary": None, "tags": {"d": "e"}},
    "aws_iam_role_policy": {
        "policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
    },
    "aws_api_gateway_api_key": {"name": "other", "description": "d", "enabled": False, "tags": {"a": "c", "d": "e"}},
    "aws_api_gateway_usage_plan": {
        "name": "other",
        "product_code": "p",
        "api_stages": {
            "api_id": "${aws_api_gateway_rest_api.this.id}",
            "stage": "prod",
            "throttle": {"path": "/ /GET", "burst_limit": 3, "rate_limit": 1.5},
        },
        "quota_settings": {"limit": 11, "period": "WEEK", "offset": 1},
        "throttle_settings": {"burst_limit": 11, "rate_limit": 2.5},
        "tags": {"d": "e"},
    },
    "aws_api_gateway_gateway_response": {"status_code": "403", "response_templates": {"application/json": "{}"}},
    "aws_api_gateway_method_response": {"response_models": {"application/xml": "Empty"}},
    "aws_api_gateway_integration_response": {
        "selection_pattern": "20.",
        "response_parameters": {"method.response.header.A": "'a'"},
    },
    "aws_lambda_function_event_invoke_config": {"maximum_retry_attempts": 1, "maximum_event_age_in_seconds": 60},
    "aws_sns_topic": {
        "display_name": "other",
        "tracing_config": "Active",
        "lambda_success_feedback_sample_rate": 10,
        "delivery_policy": '{"http": {"defaultHealthyRetryPolicy": {"numRetries": 4}}}',
        "tags": {"a": "b"},
    },
    "aws_sns_topic_subscription": {
        "filter_policy": '{"kind": ["a"]}',
        "filter_policy_scope": "MessageBody",
        "raw_message_delivery": True,
    },
    "aws_cloudwatch_metric_alarm": {
        "threshold": 0.05,
        "period": 60,
        "statistic": "Sum",
        "extended_statistic": None,
        "tags": {"a": "c"},
    },
    "aws_cloudwatch_dashboard": {"dashboard_body": '{"widgets": []}'},
    "aws_kms_key": {"description": "other", "enable_key_rotation": False, "is_enabled": False, "tags": {"d": "e"}},
    "aws_cloudwatch_query_definition": {"name": "many/others", "query_string": "fields @timestamp"},
    "aws_cloudwatch_log_metric_filter": {
        "pattern": "{ $.level = * }",
        "metric_transformation": {
            "name": "Errors",
            "namespace": "Many",
            "value": "1",
            "dimensions": {"Level": "$.level"},
            "unit": "Count",
        },
    },
    "aws_ssm_parameter": {"value": "v2", "description": "e", "tags": {"a": "c", "d": "e"}},
    "aws_sqs_queue": {
        "visibility_timeout_seconds": 90,
        "kms_master_key_id": "alias/aws/sqs",
        "redrive_allow_policy": '{"redrivePermission": "denyAll"}',
        "tags": {"d": "e"},
    },
    "aws_s3_bucket": {"tags": {"d": "e"}},
    "aws_s3_bucket_versioning": {"versioning_configuration": {"status": "Suspended"}},
    "aws_s3_bucket_public_access_block": {"restrict_public_buckets": True},
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    },
    "aws_dynamodb_table": {
        "billing_mode": "PROVISIONED",
        "read_capacity": 2,
        "write_capacity": 3,
        "global_secondary_index": [
            {
                "name": "by-time",
                "hash_key": "at",
                "projection_type": "INCLUDE",
                "non_key_attributes": ["x"],
                "read_capacity": 1,
                "write_capacity": 1,
            },
            {
                "name": "by-owner",
                "hash_key": "owner",
                "projection_type": "ALL",
                "read_capacity": 1,
                "write_capacity": 1,
            },
        ],
        "stream_view_type": "KEYS_ONLY",
        "ttl": {"attribute_name": "expires", "enabled": False},
        "point_in_time_recovery": {"enabled": False},
        "table_class": "STANDARD_INFREQUENT_ACCESS",
        "tags": {"a": "c"},
    },
}

LEFT_OUT: Config = {
    "aws_api_gateway_rest_api": {"tags": None},
    "aws_api_gateway_method": {"request_parameters": None},
    "aws_api_gateway_integration": {"request_parameters": None},
    "aws_api_gateway_stage": dict.fromkeys(
        ("description", "variables", "xray_tracing_enabled", "access_log_settings", "tags")
    ),
    "aws_cloudwatch_log_group": {"retention_in_days": None, "tags": None},
    "aws_ecr_repository": {"image_scanning_configuration": {"scan_on_push": False}, "tags": None},
    "aws_iam_role": {"permissions_boundary": None, "tags": None},
    "aws_api_gateway_api_key": {"tags": None},
    "aws_api_gateway_usage_plan": {"api_stages": None, "quota_settings": None, "throttle_settings": None, "tags": None},
    "aws_api_gateway_gateway_response": {"response_parameters": None},
    "aws_api_gateway_method_response": {"response_models": None, "response_parameters": None},
    "aws_api_gateway_integration_response": {"response_templates": None, "selection_pattern": None},
    "aws_lambda_function_event_invoke_config": {"destination_config": None},
    "aws_sns_topic": {"kms_master_key_id": None, "display_name": None},
    "aws_cloudwatch_metric_alarm": {"alarm_description": None, "ok_actions": None, "dimensions": None, "tags": None},
    "aws_ssm_parameter": {"description": None, "tags": None},
    "aws_kms_key": {"enable_key_rotation": None, "tags": None},
    "aws_cloudwatch_query_definition": {"log_group_names": None},
    "aws_sqs_queue": {"visibility_timeout_seconds": None, "tags": None},
    "aws_s3_bucket": {"force_destroy": None, "tags": None},
    "aws_s3_bucket_public_access_block": {"block_public_acls": None, "ignore_public_acls": None},
    "aws_dynamodb_table": {
        "global_secondary_index": None,
        "stream_enabled": False,
        "stream_view_type": None,
        "ttl": None,
        "tags": None,
    },
}

# Those of other types are recorded.
REPLACED: dict[str, tuple[Config, str]] = {
    "aws_api_gateway_api_key": ({"value": "0123456789" * 3}, "value"),
    "aws_api_gateway_method": ({"http_method": "POST"}, "http_method"),
    "aws_lambda_alias": ({"name": "green"}, "name"),
    "aws_api_gateway_usage_plan_key": ({}, "key_id"),
    "aws_api_gateway_method_response": ({}, "http_method"),
    "aws_api_gateway_integration_response": ({}, "http_method"),
    "aws_lambda_function_event_invoke_config": ({}, "qualifier"),
    "aws_kms_key": ({"customer_master_key_spec": "HMAC_256", "key_usage": "GENERATE_VERIFY_MAC"}, "key_usage"),
    "aws_cloudwatch_log_metric_filter": ({"name": "other"}, "name"),
    "aws_api_gateway_model": ({"name": "other"}, "name"),
    "aws_ssm_parameter": ({"name": "/other"}, "name"),
    "aws_sqs_queue": ({"name": "other"}, "name"),
    "aws_s3_bucket": ({"bucket": "other-bucket"}, "bucket"),
    "aws_s3_bucket_versioning": ({}, "bucket"),
    "aws_s3_bucket_public_access_block": ({}, "bucket"),
    "aws_s3_bucket_server_side_encryption_configuration": ({}, "bucket"),
    "aws_dynamodb_table": ({"hash_key": "at", "range_key": "id"}, "hash_key"),
}
