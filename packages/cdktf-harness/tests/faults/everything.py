"""One configuration with a resource of nearly every bundled AWS type."""

from __future__ import annotations

import json
from typing import Any

from providers.catalogue import ACCOUNT, ROUTE, configuration

Config = dict[str, Any]


def everything() -> Config:
    """The resources, by type; each is called `this`."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    resources = configuration()
    resources["aws_ecr_repository"] = _this(name="many", force_delete=True, tags={"a": "b"})
    resources["aws_cloudwatch_log_group"] = _this(name="/many", retention_in_days=7, tags={"a": "b"})
    resources["aws_iam_role"] = _this(name="many", assume_role_policy=_document(trust), tags={"a": "b"})
    resources["aws_iam_role_policy"] = _this(name="p", role=_of("aws_iam_role", "name"), policy=_policy("logs:*"))
    resources["aws_iam_role_policy_attachment"] = _this(
        role=_of("aws_iam_role", "name"),
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    )
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
        "action": {"type": "expire"},
    }
    repository = _of("aws_ecr_repository", "name")
    resources["aws_ecr_lifecycle_policy"] = _this(repository=repository, policy=json.dumps({"rules": [rule]}))
    resources["aws_ecr_repository_policy"] = _this(repository=repository, policy=_policy("ecr:BatchGetImage", "*"))
    resources["aws_lambda_permission"] = _this(
        action="lambda:InvokeFunction",
        function_name=_of("aws_lambda_function", "function_name"),
        principal="apigateway.amazonaws.com",
    )
    resources["aws_api_gateway_method_settings"] = _this(
        rest_api_id=ROUTE["rest_api_id"],
        stage_name=_of("aws_api_gateway_stage", "stage_name"),
        method_path="*/*",
        settings={"metrics_enabled": True},
    )
    resources["aws_api_gateway_account"] = _this(cloudwatch_role_arn=f"arn:aws:iam::{ACCOUNT}:role/logs")
    return resources


def _this(**arguments: Any) -> Config:
    return {"this": arguments}


def _of(type_: str, attribute: str) -> str:
    return f"${{{type_}.this.{attribute}}}"


def _policy(action: str, principal: str = "") -> str:
    who = {"Principal": principal} if principal else {"Resource": "*"}
    return _document({"Effect": "Allow", "Action": action, **who})


def _document(statement: Config) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
