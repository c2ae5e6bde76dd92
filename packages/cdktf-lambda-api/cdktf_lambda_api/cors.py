"""CORS of a REST API: API Gateway answers preflight requests itself, and its errors carry the headers, too.

A function adds `Access-Control-Allow-Origin` to its own answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_integration_response import ApiGatewayIntegrationResponse
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_method_response import ApiGatewayMethodResponse
from constructs import Construct

HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")
MAX_AGE_S = 600


def allowed(origin: str, methods: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers that let pages of `origin` ("*": all) call `methods`, as constants of API Gateway."""
    found = {"Access-Control-Allow-Origin": origin}
    if methods:
        found |= {"Access-Control-Allow-Methods": ",".join(methods), "Access-Control-Allow-Headers": ",".join(HEADERS)}
        found["Access-Control-Max-Age"] = str(MAX_AGE_S)
    if origin != "*":
        found["Vary"] = "Origin"
    return {name: f"'{value}'" for name, value in found.items()}


class Preflight(Construct):
    """The answer to OPTIONS of one path, which calls no function."""

    def __init__(
        self, scope: Construct, id_: str, *, api_id: str, resource_id: str, origin: str, methods: Iterable[str]
    ) -> None:
        super().__init__(scope, id_)
        headers = allowed(origin, methods)
        at: dict[str, Any] = {"rest_api_id": api_id, "resource_id": resource_id}
        # checkov:skip=CKV2_AWS_53: it has no body
        method = ApiGatewayMethod(self, "method", http_method="OPTIONS", authorization="NONE", **at)
        mock = ApiGatewayIntegration(
            self,
            "integration",
            http_method=method.http_method,
            type="MOCK",
            request_templates={"application/json": '{"statusCode": 204}'},
            **at,
        )
        response = ApiGatewayMethodResponse(
            self,
            "response",
            http_method=method.http_method,
            status_code="204",
            response_parameters={f"method.response.header.{name}": True for name in headers},
            **at,
        )
        ApiGatewayIntegrationResponse(
            self,
            "integration-response",
            http_method=method.http_method,
            status_code=response.status_code,
            response_parameters={f"method.response.header.{name}": value for name, value in headers.items()},
            depends_on=[mock],
            **at,
        )
