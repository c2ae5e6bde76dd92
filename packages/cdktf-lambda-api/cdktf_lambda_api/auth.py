"""Who may call a route: anybody, who has an API key, who signs with AWS's credentials, or who has a token."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jsii
from cdktf import IResolveContext, IStringProducer, Lazy
from constructs import Construct

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.image import Image
from cdktf_lambda_api.repository import Repository

Auth = Literal["none", "key", "iam", "token"]
# As API Gateway calls them; a key is no authorization there.
TYPES: dict[str, str] = {"none": "NONE", "key": "NONE", "iam": "AWS_IAM", "token": "CUSTOM"}


@dataclass(frozen=True)
class Route:
    """What a route calls, and how; `auth` is that of the API by default.

    A token needs one of the `scopes`; none: every valid token is enough. `model` is the JSON schema of the body, or a
    class of pydantic; another body is answered with 400 and the reason.
    """

    function: Function
    auth: Auth | None = None
    scopes: Sequence[str] = ()
    model: Mapping[str, Any] | type[Any] | None = None


@dataclass(frozen=True)
class Issuer:
    """An OpenID Connect issuer, whose tokens an HTTP API verifies; they name the `audience` (or client id)."""

    url: str
    audience: str


class TokenAuthorizer(Construct):
    """A function that verifies tokens of an OpenID Connect issuer: signature, time, issuer and audience (or client id).

    Its image is `authorizer/` of this package, built with `build_args`, such as other bases. The URL `issuer` must be
    reachable from Lambda. The claims are in `requestContext.authorizer` of the event that a route's function gets.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        issuer: str,
        audience: str,
        repository: Repository,
        architecture: str,
        build_args: Mapping[str, str] = {},
    ) -> None:
        super().__init__(scope, id_)
        # By the route in an ARN; the API adds its own.
        self.routes: dict[str, list[str]] = {}
        folder = Path(__file__).parent / "authorizer"
        image = Image(
            self,
            "image",
            folder=folder,
            repository=repository,
            architecture=architecture,
            build_args=build_args,
        )
        environment = {"ISSUER": issuer, "AUDIENCE": audience, "ROUTES": Lazy.string_value(_Routes(self.routes))}
        self.function = Function(self, "function", name=name, image=image, timeout_s=10, environment=environment)
        self._name, self._ids = name, dict[str, str]()

    def of(self, api_id: str, execution_arn: str) -> str:
        """Return the id of the authorizer in an API, which may call its function."""
        from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer

        if api_id not in self._ids:
            number = len(self._ids) or ""
            authorizer = ApiGatewayAuthorizer(
                self,
                f"authorizer{number}",
                rest_api_id=api_id,
                name=self._name,
                type="REQUEST",
                authorizer_uri=self.function.invoke_arn,
                # Without it, API Gateway itself answers 401.
                identity_source="method.request.header.Authorization",
                authorizer_result_ttl_in_seconds=300,
            )
            source = f"{execution_arn}/authorizers/{authorizer.id}"
            self.function.permit(self, "apigateway.amazonaws.com", source, id_=f"permission{number}")
            self._ids[api_id] = authorizer.id
        return self._ids[api_id]


@jsii.implements(IStringProducer)
class _Routes:
    """The routes of all APIs, known at the end of the synthesis."""

    def __init__(self, routes: Mapping[str, Sequence[str]]) -> None:
        self._routes = routes

    def produce(self, context: IResolveContext) -> str:
        return json.dumps(self._routes, sort_keys=True)
