"""The recorded changes that were applied one after the other, and the recorded drift."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .single_edits import Edits

Clients = Callable[[str], Any]

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


def _rest_api(aws: Clients) -> str:
    (api,) = aws("apigateway").get_rest_apis()["items"]
    return str(api["id"])


def _delete_function(aws: Clients) -> None:
    aws("lambda").delete_function(FunctionName="ontra")


def _delete_function_and_stage(aws: Clients) -> None:
    aws("apigateway").delete_stage(restApiId=_rest_api(aws), stageName="prod")


def _delete_repository_too(aws: Clients) -> None:
    aws("ecr").delete_repository(repositoryName="ontra", force=True)


def _delete_alias(aws: Clients) -> None:
    # AWS deletes its policy with it; the embedded cloud does not.
    _remove_permission(aws)
    aws("lambda").delete_alias(FunctionName="ontra", Name="live")


def _change_memory(aws: Clients) -> None:
    aws("lambda").update_function_configuration(FunctionName="ontra", MemorySize=1024)


def _delete_log_group(aws: Clients) -> None:
    aws("logs").delete_log_group(logGroupName="/aws/lambda/ontra")


def _remove_permission(aws: Clients) -> None:
    aws("lambda").remove_permission(FunctionName="ontra", StatementId="AllowApi", Qualifier="live")


def _detach_policy(aws: Clients) -> None:
    arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
    aws("iam").detach_role_policy(RoleName="ontra-function", PolicyArn=arn)


def _delete_topic(aws: Clients) -> None:
    aws("sns").delete_topic(TopicArn="arn:aws:sns:eu-central-1:000000000000:ontra-alarms")


def _delete_rest_api(aws: Clients) -> None:
    aws("apigateway").delete_rest_api(restApiId=_rest_api(aws))


# By the recording's name. The first three add to one another; each was planned, and one apply repaired all of them.
DRIFT: dict[str, Callable[[Clients], None]] = {
    "1. function deleted": _delete_function,
    "2. function and stage deleted": _delete_function_and_stage,
    "3. function, stage and repository deleted": _delete_repository_too,
    "function: memory_size changed out of band": _change_memory,
    "alias deleted": _delete_alias,
    "permission removed": _remove_permission,
    "log group of the function deleted": _delete_log_group,
    "policy detached from the role": _detach_policy,
    "topic deleted": _delete_topic,
    "rest api deleted": _delete_rest_api,
}
