"""The recorded changes that were applied one after the other, and the recorded drift."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .single_edits import Edits

_TAGS = {"Environment": "prod", "ManagedBy": "cdktf", "Project": "ontra"}
_FUNCTION = "resource.aws_lambda_function.fn"
_STAGE = "resource.aws_api_gateway_stage.prod"
_DEFAULT_TAGS = "provider.aws.default_tags"

# In an order that fits the recorded ids, versions and times; each change adds to those before. The change of the image,
# and so of its digest, was the first.
IMAGE_CHANGED = "the image changed"
DIGEST_AFTER = "sha256:e07b1ad4e5401a0ac37e63cd05023b4d35a117ff9457b632690445836263c5ac"
APPLIED: dict[str, Edits] = {
    IMAGE_CHANGED: {"resource.terraform_data.pushed.input": DIGEST_AFTER},
    "lambda memory_size and a new environment variable": {
        f"{_FUNCTION}.memory_size": 512,
        f"{_FUNCTION}.environment.variables.NEW": "1",
    },
    "lambda publish false and description": {f"{_FUNCTION}.publish": False, f"{_FUNCTION}.description": "other"},
    "lambda reserved_concurrent_executions": {f"{_FUNCTION}.reserved_concurrent_executions": 5},
    "lambda reserved_concurrent_executions removed again": {f"{_FUNCTION}.reserved_concurrent_executions": None},
    "api resource path_part": {"resource.aws_api_gateway_resource.time.path_part": "clock"},
    "api resource path_part back, and the permission's statement_id, in one plan": {
        "resource.aws_api_gateway_resource.time.path_part": "time",
        "resource.aws_lambda_permission.apigw.statement_id": "Other",
    },
    "method authorization": {"resource.aws_api_gateway_method.get.authorization": "AWS_IAM"},
    "method settings: throttling": {"resource.aws_api_gateway_method_settings.all.settings.throttling_burst_limit": 40},
    "stage: access log format, description, xray off": {
        f"{_STAGE}.access_log_settings.format": "$context.requestId",
        f"{_STAGE}.description": "x",
        f"{_STAGE}.xray_tracing_enabled": False,
    },
    "usage plan quota and throttle": {
        "resource.aws_api_gateway_usage_plan.plan.quota_settings.limit": 5,
        "resource.aws_api_gateway_usage_plan.plan.throttle_settings.rate_limit": 3,
    },
    "log retention": {"resource.aws_cloudwatch_log_group.function.retention_in_days": 30},
    "role description and tags": {
        "resource.aws_iam_role.function.description": "x",
        "resource.aws_iam_role.function.tags": {"Component": "y"},
    },
    "alarm threshold and period": {
        "resource.aws_cloudwatch_metric_alarm.errors.threshold": 2,
        "resource.aws_cloudwatch_metric_alarm.errors.period": 300,
    },
    "topic display_name": {"resource.aws_sns_topic.alarms.display_name": "x"},
    "default_tags: one added": {_DEFAULT_TAGS: [{"tags": {**_TAGS, "Owner": "team"}}]},
    "default_tags: the added one removed": {_DEFAULT_TAGS: [{"tags": _TAGS}]},
    "rest api name": {"resource.aws_api_gateway_rest_api.rest.name": "ontra2"},
    "stage name (replacement)": {f"{_STAGE}.stage_name": "v2"},
    "topic name (replacement)": {"resource.aws_sns_topic.alarms.name": "ontra-alarms2"},
    "role name (replacement)": {"resource.aws_iam_role.function.name": "ontra-function2"},
    "function name (replacement)": {f"{_FUNCTION}.function_name": "ontra2"},
}
BACK = "everything back as it was"


_FN = {"FunctionName": "ontra"}
_NO_PERMISSION = ("lambda", "remove_permission", {**_FN, "StatementId": "AllowApi", "Qualifier": "live"})
_XRAY = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
# The calls, by the recording's name; those of API Gateway get the API. The first three add to one another; each was
# planned, and one apply repaired all of them.
DRIFT: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "1. function deleted": [("lambda", "delete_function", _FN)],
    "2. function and stage deleted": [("apigateway", "delete_stage", {"stageName": "prod"})],
    "3. function, stage and repository deleted": [
        ("ecr", "delete_repository", {"repositoryName": "ontra", "force": True})
    ],
    "function: memory_size changed out of band": [
        ("lambda", "update_function_configuration", {**_FN, "MemorySize": 1024})
    ],
    # AWS deletes its policy with it; the embedded cloud does not.
    "alias deleted": [_NO_PERMISSION, ("lambda", "delete_alias", {**_FN, "Name": "live"})],
    "permission removed": [_NO_PERMISSION],
    "log group of the function deleted": [("logs", "delete_log_group", {"logGroupName": "/aws/lambda/ontra"})],
    "policy detached from the role": [
        ("iam", "detach_role_policy", {"RoleName": "ontra-function", "PolicyArn": _XRAY})
    ],
    "topic deleted": [("sns", "delete_topic", {"TopicArn": "arn:aws:sns:eu-central-1:000000000000:ontra-alarms"})],
    "rest api deleted": [("apigateway", "delete_rest_api", {})],
}


def cause_drift(aws: Callable[[str], Any], case: str) -> None:
    """Make the calls of a case."""
    for service, method, arguments in DRIFT[case]:
        client = aws(service)
        api = {"restApiId": client.get_rest_apis()["items"][0]["id"]} if service == "apigateway" else {}
        getattr(client, method)(**api, **arguments)
