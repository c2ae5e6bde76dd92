"""A REST API for functions."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi, ApiGatewayRestApiEndpointConfiguration
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from cdktf_lambda_api.deployment import Deployment
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.gateway_responses import GatewayResponses
from cdktf_lambda_api.routes import Route, parse


class RestApi(Construct):
    """A regional REST API with one stage; `routes` maps "METHOD /path" to functions. With `keyed`, they need a key.

    A part of a path may be a variable, such as `{id}`, and the last one `{name+}`, which takes all that follows. Raises
    ValueError for a route that is written in another way (see `routes`).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stage: str,
        routes: Mapping[str, Function],
        keyed: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        regional = ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"])
        self.resource = ApiGatewayRestApi(
            self,
            "rest-api",
            name=name,
            endpoint_configuration=regional,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self._id, self._execution_arn = self.resource.id, self.resource.execution_arn
        self._resources = {"": self.resource.root_resource_id}
        self._keyed = keyed
        for route, function in zip(parse(routes), routes.values(), strict=True):
            self._route(route, function, stage)
        GatewayResponses(self, "responses", api=self.resource)
        deployment = Deployment(self, "deployment", api=self.resource)
        # checkov:skip=CKV2_AWS_4: the access log has the errors; that of executions has a random name and no retention
        # checkov:skip=CKV2_AWS_29: `Access` takes the ARN of a web ACL
        # checkov:skip=CKV2_AWS_51: Lambda does not check API Gateway's certificate
        self.stage = ApiGatewayStage(self, "stage", rest_api_id=self._id, deployment_id=deployment.id, stage_name=stage)

    def _route(self, route: Route, function: Function, stage: str) -> None:
        """Let a method of a path call the function's live alias."""
        resource_id = self._resource_id(route.path)
        scope = Construct(self, route.id)
        # checkov:skip=CKV_AWS_59: the API is public; `keyed` and `Access` restrict it
        request = ApiGatewayMethod(
            scope,
            "method",
            rest_api_id=self._id,
            resource_id=resource_id,
            http_method=route.method,
            authorization="NONE",
            api_key_required=self._keyed,
        )
        ApiGatewayIntegration(
            scope,
            "integration",
            rest_api_id=self._id,
            resource_id=resource_id,
            http_method=request.http_method,
            type="AWS_PROXY",
            # API Gateway calls a function with POST, whatever the method of the request (API Gateway guide).
            integration_http_method="POST",
            uri=function.invoke_arn,
            timeout_milliseconds=1000 * function.timeout_s,
        )
        # For exactly this method.
        LambdaPermission(
            scope,
            "permission",
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            function_name=function.function_name,
            qualifier=function.qualifier,
            # The literal path: in the plan of a change, the resource's attribute `path` still has its old value.
            source_arn=f"{self._execution_arn}/{stage}/{route.called}",
        )

    def _resource_id(self, path: str) -> str:
        """Return the id of the API Gateway resource at `path`; create it and its parents if needed."""
        if path not in self._resources:
            parent, _, part = path.rpartition("/")
            resource = ApiGatewayResource(
                self,
                f"resource{path.replace('/', '-')}",
                rest_api_id=self._id,
                parent_id=self._resource_id(parent),
                path_part=part,
            )
            self._resources[path] = resource.id
        return self._resources[path]
