"""API Gateway: resources and their methods."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import Calls
from .arns import ROUTE_ID, route_id
from .patch import Operation, Patch, PatchedResource


class ApiResource(PatchedResource):
    """A resource of a REST API: one part of a path.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html
    """

    type_name = "aws_api_gateway_resource"
    label = "API Gateway Resource"
    calls = Calls(create="create_resource", read="get_resource", update="update_resource", delete="delete_resource")
    names: ClassVar = {"id": "resourceId"}
    import_form = ("REST-API-ID/RESOURCE-ID", "rest_api_id", "id")


class Method(PatchedResource):
    """A method of a resource, such as GET.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
    """

    type_name = "aws_api_gateway_method"
    label = "API Gateway Method"
    calls = Calls(create="put_method", read="get_method", update="update_method", delete="delete_method")
    names: ClassVar = {"authorization": "authorizationType"}
    import_form = ROUTE_ID
    read_after_create = False
    nullable = ("operation_name", "request_validator_id")
    patched = ("authorization_scopes",)

    def id_of(self, values: Values) -> str:
        return route_id("agm", values)

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        patch = Patch(prior, planned)
        patch.members("authorizationScopes", "authorization_scopes")
        return super().operations(aws, prior, planned) + patch.operations


TYPES = (ApiResource, Method)
