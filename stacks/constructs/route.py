"""A method of a path and its function."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from stacks.constructs.function import Function


class Route(Construct):
    """A method that calls a function's live alias, with a permission for exactly this method."""

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
            # API Gateway calls a function with POST, whatever the method of the request (API Gateway guide).
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
            # The literal path: in the plan of a change, the resource's attribute `path` still has its old value.
            source_arn=f"{api.execution_arn}/{stage}/{method}{path}",
        )
        self.definition = [method, path, request.authorization, self.integration.uri, resource_id]
