"""An HTTP API for functions: cheaper and faster than a REST API, without keys, quotas, request models and AWS WAF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.apigatewayv2_api import Apigatewayv2Api, Apigatewayv2ApiCorsConfiguration
from cdktf_cdktf_provider_aws.apigatewayv2_authorizer import (
    Apigatewayv2Authorizer,
    Apigatewayv2AuthorizerJwtConfiguration,
)
from cdktf_cdktf_provider_aws.apigatewayv2_integration import Apigatewayv2Integration
from cdktf_cdktf_provider_aws.apigatewayv2_route import Apigatewayv2Route
from cdktf_cdktf_provider_aws.apigatewayv2_stage import Apigatewayv2Stage
from constructs import Construct

from cdktf_lambda_api.auth import Auth, Issuer, Route
from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.cors import HEADERS, MAX_AGE_S
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.routes import Path, parse

_TYPES: dict[str, str] = {"none": "NONE", "iam": "AWS_IAM", "token": "JWT"}


class HttpApi(Construct):
    """An HTTP API with one stage and the arguments of `RestApi`. API Gateway itself verifies tokens of an `Issuer`.

    Functions get the event of a REST API (payload format 1.0), but `path` begins with the stage, and the claims of a
    token are in `requestContext.authorizer.claims`. Raises ValueError for what only a REST API has.
    """

    kind: Literal["http"] = "http"

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
        authorizer: Issuer | None = None,
        cors: str = "",
    ) -> None:
        super().__init__(scope, id_)
        parsed = parse(routes)
        self.resource = Apigatewayv2Api(
            self,
            "http-api",
            name=name,
            protocol_type="HTTP",
            cors_configuration=Apigatewayv2ApiCorsConfiguration(
                allow_origins=[cors],
                allow_methods=sorted({"*" if route.method == "ANY" else route.method for route in parsed}),
                allow_headers=[*HEADERS],
                max_age=MAX_AGE_S,
            )
            if cors
            else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self._id, self._execution_arn = self.resource.id, self.resource.execution_arn
        self._auth, self._issuer, self._name = auth, authorizer, name
        self._authorizer_id, self._targets = "", dict[Function, str]()
        for text, route, given in zip(routes, parsed, routes.values(), strict=True):
            self._route(text, route, given if isinstance(given, Route) else Route(given), stage)
        # checkov:skip=CKV_AWS_76: `Monitoring` adds an access log
        self.stage = Apigatewayv2Stage(self, "stage", api_id=self._id, name=stage, auto_deploy=True)
        self.name, self.url = name, cloud.invoke_url(self.stage)

    @property
    def dimensions(self) -> dict[str, str]:
        """What its metrics are found by."""
        return {"ApiId": self._id, "Stage": self.stage.name}

    def _route(self, text: str, route: Path, given: Route, stage: str) -> None:
        """Let a route call the function's live alias."""
        scope, auth = Construct(self, route.id), given.auth or self._auth
        if auth == "key" or given.model:
            what = "an API key" if auth == "key" else "a request model"
            raise ValueError(f"routes: got {text!r} with {what}. HTTP APIs have none: remove it, or use RestApi")
        if auth not in _TYPES or (auth == "token" and not self._issuer):
            raise ValueError(f"auth: got {auth!r}. It should be one of {', '.join(_TYPES)}; 'token' needs an Issuer")
        # checkov:skip=CKV_AWS_309: `auth` decides
        Apigatewayv2Route(
            scope,
            "route",
            api_id=self._id,
            route_key=f"{route.method} {route.path or '/'}",
            authorization_type=_TYPES[auth],
            authorization_scopes=[*given.scopes] or None,
            authorizer_id=self._verifier() if auth == "token" else None,
            target=self._target(given.function),
        )
        source = f"{self._execution_arn}/{stage}/{route.called}"
        given.function.permit(scope, "apigateway.amazonaws.com", source)

    def _verifier(self) -> str:
        """Return the id of the authorizer, which all routes share."""
        if self._issuer and not self._authorizer_id:
            self._authorizer_id = Apigatewayv2Authorizer(
                self,
                "authorizer",
                api_id=self._id,
                name=self._name,
                authorizer_type="JWT",
                identity_sources=["$request.header.Authorization"],
                jwt_configuration=Apigatewayv2AuthorizerJwtConfiguration(
                    issuer=self._issuer.url, audience=[self._issuer.audience]
                ),
            ).id
        return self._authorizer_id

    def _target(self, function: Function) -> str:
        """Return what the routes of a function have as their target: one integration."""
        if function not in self._targets:
            integration = Apigatewayv2Integration(
                self,
                f"to-{function.node.id}",
                api_id=self._id,
                integration_type="AWS_PROXY",
                integration_uri=function.invoke_arn,
                payload_format_version="1.0",
                timeout_milliseconds=1000 * function.timeout_s,
            )
            self._targets[function] = f"integrations/{integration.id}"
        return self._targets[function]
