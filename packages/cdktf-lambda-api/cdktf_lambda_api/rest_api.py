"""A REST API for functions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi, ApiGatewayRestApiEndpointConfiguration
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from constructs import Construct

from cdktf_lambda_api.auth import TYPES, Auth, Route, TokenAuthorizer
from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.cors import Preflight, allowed
from cdktf_lambda_api.deployment import Deployment
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.gateway_responses import GatewayResponses
from cdktf_lambda_api.models import schema_of
from cdktf_lambda_api.routes import Path, parse
from cdktf_lambda_api.texts import literal


class RestApi(Construct):
    """A regional REST API with one stage; `routes` maps "METHOD /path" to functions, or to a `Route` with more.

    A part of a path may be a variable, such as `{id}`, and the last one `{name+}`, which takes all that follows. `url`
    is that of the stage, without a path. Routes need what `auth` says by default; tokens are those of `authorizer`.
    With `cors`, pages of that origin ("*": all) may call the API: functions do not get OPTIONS, errors have the
    headers. Raises ValueError for a route that is written in another way (see `routes`), or that cannot be authorized.
    """

    kind: Literal["rest"] = "rest"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stage: str,
        cloud: Cloud,
        routes: Mapping[str, Function | Route],
        auth: Auth = "none",
        authorizer: TokenAuthorizer | None = None,
        cors: str = "",
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
        self._auth, self._authorizer = auth, authorizer
        given = [one if isinstance(one, Route) else Route(one) for one in routes.values()]
        parsed = parse(routes)
        for route, one in zip(parsed, given, strict=True):
            self._route(route, one, stage)
        for path in dict.fromkeys(route.path for route in parsed) if cors else ():
            methods = [route.method for route in parsed if route.path == path]
            resource_id = self._resource_id(path)
            id_ = f"OPTIONS{path.replace('/', '-') or '-'}"
            Preflight(self, id_, api_id=self._id, resource_id=resource_id, origin=cors, methods=methods)
        GatewayResponses(
            self,
            "responses",
            api=self.resource,
            models=any(one.model for one in given),
            iam="iam" in (one.auth or auth for one in given),
            headers=allowed(cors) if cors else {},
        )
        deployment = Deployment(self, "deployment", api=self.resource)
        # checkov:skip=CKV_AWS_73: `Monitoring` adds traces
        # checkov:skip=CKV_AWS_76: `Monitoring` adds an access log
        # checkov:skip=CKV_AWS_120: a cache costs by the hour, and answers of functions differ
        # checkov:skip=CKV2_AWS_4: the access log has the errors; that of executions has a random name and no retention
        # checkov:skip=CKV2_AWS_29: `Access` takes the ARN of a web ACL
        # checkov:skip=CKV2_AWS_51: Lambda does not check API Gateway's certificate
        self.stage = ApiGatewayStage(self, "stage", rest_api_id=self._id, deployment_id=deployment.id, stage_name=stage)
        self.name, self.url = name, cloud.invoke_url(self.stage)

    @property
    def dimensions(self) -> dict[str, str]:
        """What its metrics are found by."""
        return {"ApiName": self.resource.name, "Stage": self.stage.stage_name}

    def _route(self, route: Path, given: Route, stage: str) -> None:
        """Let a method of a path call the function's live alias."""
        resource_id, function = self._resource_id(route.path), given.function
        scope, auth = Construct(self, route.id), given.auth or self._auth
        if auth not in TYPES or (auth == "token" and not self._authorizer):
            raise ValueError(f"auth: got {auth!r}. It should be one of {', '.join(TYPES)}; 'token' needs an authorizer")
        # checkov:skip=CKV2_AWS_53: functions check what they are sent
        # checkov:skip=CKV_AWS_59: `auth` decides, and `Access` restricts it
        request = ApiGatewayMethod(
            scope,
            "method",
            rest_api_id=self._id,
            resource_id=resource_id,
            http_method=route.method,
            authorization=TYPES[auth],
            api_key_required=auth == "key",
            authorizer_id=self._authorizer_id(route, given.scopes) if auth == "token" else None,
            **(self._model(scope, route, given.model) if given.model else {}),
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
        # For exactly this method. The literal path: in the plan of a change, the resource's attribute `path` still has
        # its old value.
        function.permit(scope, "apigateway.amazonaws.com", f"{self._execution_arn}/{stage}/{route.called}")

    def _authorizer_id(self, route: Path, scopes: Sequence[str]) -> str:
        """Let the authorizer know what the route needs; return its id in this API."""
        assert self._authorizer
        self._authorizer.routes[route.called] = [*scopes]
        return self._authorizer.of(self._id, self._execution_arn)

    def _model(self, scope: Construct, route: Path, model: Mapping[str, Any] | type[Any]) -> dict[str, Any]:
        """Return the arguments of a method that let API Gateway validate the body, whatever its content type."""
        from cdktf_cdktf_provider_aws.api_gateway_model import ApiGatewayModel
        from cdktf_cdktf_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator

        named = ApiGatewayModel(
            scope,
            "model",
            rest_api_id=self._id,
            name=re.sub(r"\W|_", "", route.id),
            content_type="application/json",
            schema=literal(json.dumps(schema_of(model))),
        )
        validator = ApiGatewayRequestValidator(
            scope, "validator", rest_api_id=self._id, name=route.id, validate_request_body=True
        )
        return {"request_models": {"$default": named.name}, "request_validator_id": validator.id}

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
