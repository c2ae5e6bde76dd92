"""A REST API for functions."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import Fn, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from constructs import Construct

from stacks.constructs.function import Function
from stacks.constructs.route import Route


class RestApi(Construct):
    """A regional REST API with one stage; `routes` maps "METHOD /path" to functions."""

    def __init__(self, scope: Construct, id_: str, *, name: str, stage: str, routes: Mapping[str, Function]) -> None:
        super().__init__(scope, id_)
        self.resource = ApiGatewayRestApi(
            self,
            "rest-api",
            name=name,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"]),
        )
        self._resources = {"": self.resource.root_resource_id}
        self.routes = [self._route(key, function, stage) for key, function in routes.items()]
        # A deployment is a copy of the routes, so it must change with them.
        deployment = ApiGatewayDeployment(
            self,
            "deployment",
            rest_api_id=self.resource.id,
            triggers={"routes": Fn.sha1(Fn.jsonencode([route.definition for route in self.routes]))},
            depends_on=[route.integration for route in self.routes],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.stage = ApiGatewayStage(
            self,
            "stage",
            rest_api_id=self.resource.id,
            deployment_id=deployment.id,
            stage_name=stage,
        )

    def _route(self, key: str, function: Function, stage: str) -> Route:
        method, path = key.split(" ")
        return Route(
            self,
            key.replace("/", "-").replace(" ", ""),
            api=self.resource,
            resource_id=self._resource_id(path.rstrip("/")),
            stage=stage,
            method=method,
            path=path,
            function=function,
        )

    def _resource_id(self, path: str) -> str:
        """Return the id of the API Gateway resource at `path`; create it and its parents if needed."""
        if path not in self._resources:
            parent, _, part = path.rpartition("/")
            resource = ApiGatewayResource(
                self,
                f"resource{path.replace('/', '-')}",
                rest_api_id=self.resource.id,
                parent_id=self._resource_id(parent),
                path_part=part,
            )
            self._resources[path] = resource.id
        return self._resources[path]
