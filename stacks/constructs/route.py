"""One method of one path, and the function behind it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from stacks.constructs.function import Function


class Route(Construct):
    """A method whose requests go to a function's live alias, which exactly this method may call."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: ApiGatewayRestApi,
        resource_id: str,
        stage: str,
        method: str,
        path: str,
        function: Function,
    ) -> None:
        super().__init__(scope, id_)
        request = ApiGatewayMethod(
            self,
            "method",
            rest_api_id=api.id,
            resource_id=resource_id,
            http_method=method,
            authorization="NONE",
        )
        self.integration = ApiGatewayIntegration(
            self,
            "integration",
            rest_api_id=api.id,
            resource_id=resource_id,
            http_method=request.http_method,
            type="AWS_PROXY",
            # How a function is called, whatever the method of the request (API Gateway guide).
            integration_http_method="POST",
            uri=function.alias.invoke_arn,
            timeout_milliseconds=1000 * function.timeout_s,
        )
        LambdaPermission(
            self,
            "permission",
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            function_name=function.resource.function_name,
            qualifier=function.alias.name,
            # The path as written: the resource's own `path` keeps its old value in the plan of a change.
            source_arn=f"{api.execution_arn}/{stage}/{method}{path}",
        )
        self.definition = [method, path, request.authorization, self.integration.uri, resource_id]
