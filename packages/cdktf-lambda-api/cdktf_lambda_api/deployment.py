"""The deployment of a REST API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsii
from cdktf import (
    Fn,
    IAnyProducer,
    IResolveContext,
    Lazy,
    TerraformLocal,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from constructs import Construct

# What is part of an API and takes effect at once. All other types need a deployment.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
_LIVE = {f"aws_api_gateway_{name}" for name in ("deployment", "stage", "method_settings")}
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

    def __init__(self, api: ApiGatewayRestApi) -> None:
        self._api = api

    def produce(self, context: IResolveContext) -> dict[str, Any]:
        """Return the arguments by the resource's address."""
        return dict(self._arguments(context))

    def _arguments(self, context: IResolveContext) -> Iterator[tuple[str, dict[str, Any]]]:
        constructs = TerraformStack.of(self._api).node.find_all()
        apis = {context.resolve(each.id) for each in constructs if isinstance(each, ApiGatewayRestApi)}
        others = apis - {context.resolve(self._api.id)}
        for construct in constructs:
            if not isinstance(construct, TerraformResource):
                continue
            type_ = construct.terraform_resource_type
            if not type_.startswith("aws_api_gateway_") or type_ in _LIVE:
                continue
            ((name, arguments),) = context.resolve(construct.to_terraform())["resource"][type_].items()
            address = f"{type_}.{name}"
            id_ = f"${{{address}.id}}"
            # A resource of another API names that; any other reference may be to this one.
            api = id_ if id_ in apis else arguments.get("rest_api_id")
            if api and api not in others:
                kept = {key: value for key, value in arguments.items() if key not in _NOT_DEPLOYED}
                yield address, {**kept, "id": id_}
