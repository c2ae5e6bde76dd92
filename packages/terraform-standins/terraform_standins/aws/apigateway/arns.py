"""API Gateway's ARNs, and Terraform's ids of the objects below a method."""

from __future__ import annotations

from ...protocol.values import Values
from ..cloud import Aws

ROUTE_ID = ("REST-API-ID/RESOURCE-ID/HTTP-METHOD", "rest_api_id", "resource_id", "http_method")
"""The import ids of objects below a method."""


def arn(aws: Aws, path: str) -> str:
    """The ARN under which `path` (of an API, a stage, a key...) is managed."""
    return f"arn:{aws.partition}:apigateway:{aws.region}::/{path}"


def execution_arn(aws: Aws, path: str) -> str:
    """The ARN under which `path` (API id, stage, method...) is called."""
    return f"arn:{aws.partition}:execute-api:{aws.region}:{aws.account_id}:{path}"


def route_id(prefix: str, values: Values, *more: str) -> str:
    """Terraform's id of an object below a method."""
    return "-".join((prefix, *(values[name] for name in (*ROUTE_ID[1:], *more))))
