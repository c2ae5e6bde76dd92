"""The deployment of a REST API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsii
from cdktf import Fn, IAnyProducer, IResolveContext, Lazy, TerraformLocal, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from constructs import Construct

# What is part of an API and takes effect at once. All other types need a deployment.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
_LIVE = {f"aws_api_gateway_{name}" for name in ("deployment", "stage", "method_settings")}
_API = "aws_api_gateway_rest_api"
_NOT_DEPLOYED = {"//", "depends_on", "lifecycle", "provider", "provisioner", "tags", "tags_all"}


class Deployment(ApiGatewayDeployment):
    """A snapshot of an API, replaced when an argument of any of the API's resources in the stack changes."""

    def __init__(self, scope: Construct, id_: str, *, api: ApiGatewayRestApi) -> None:
        # In a local value, Terraform evaluates arguments as it does in their resources.
        definition = TerraformLocal(scope, "definition", Lazy.any_value(_Definition(api)))
        super().__init__(
            scope,
            id_,
            rest_api_id=api.id,
            triggers={"definition": Fn.sha1(Fn.jsonencode(definition.as_any_map))},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )


@jsii.implements(IAnyProducer)
class _Definition:
    """The arguments of an API's resources, collected during synthesis so that none is missing.

    The ids make the deployment depend on the resources.
    """

    # For all APIs of an app: what is read is no definition.
    _reading = False

    def __init__(self, api: ApiGatewayRestApi) -> None:
        self._api = api

    def produce(self, context: IResolveContext) -> dict[str, Any]:
        """Return the arguments by the resource's address."""
        # One call of Node for all resources, instead of three for each; it resolves the definitions, too.
        if _Definition._reading or context.preparing:
            return {}
        _Definition._reading = True
        try:
            resources = TerraformStack.of(self._api).to_terraform()["resource"]
        finally:
            _Definition._reading = False
        return dict(_arguments(resources, context.resolve(self._api.id)))


def _arguments(resources: dict[str, dict[str, Any]], api_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    others = {f"${{{_API}.{name}.id}}" for name in resources[_API]} - {api_id}
    for type_ in resources:
        if not type_.startswith("aws_api_gateway_") or type_ in _LIVE:
            continue
        for name, arguments in resources[type_].items():
            address = f"{type_}.{name}"
            id_ = f"${{{address}.id}}"
            # A resource of another API names that; any other reference may be to this one.
            api = id_ if type_ == _API else arguments.get("rest_api_id")
            if api and api not in others:
                kept = {key: value for key, value in arguments.items() if key not in _NOT_DEPLOYED}
                yield address, {**kept, "id": id_}
