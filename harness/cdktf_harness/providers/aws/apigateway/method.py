"""API Gateway: resources and their methods."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..model import given
from ..names import parts
from ..resource import AwsResource
from .patch import Patch


class Resource(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html ."""

    type_name = "aws_api_gateway_resource"
    label = "API Gateway Resource"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {"rest_api_id", "parent_id", "path_part"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the resource."""
        answer = self.client(aws).create_resource(
            restApiId=planned["rest_api_id"], parentId=planned["parent_id"], pathPart=planned["path_part"]
        )
        return {"id": answer["id"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the resource."""
        answer = self.client(aws).get_resource(restApiId=state["rest_api_id"], resourceId=state["id"])
        return {
            "parent_id": answer.get("parentId"),
            "path_part": answer.get("pathPart"),
            "path": answer["path"],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Rename or move it."""
        patch = Patch(prior, planned)
        patch.replace("/pathPart", "path_part")
        patch.replace("/parentId", "parent_id")
        self.client(aws).update_resource(
            restApiId=planned["rest_api_id"], resourceId=planned["id"], patchOperations=patch.operations
        )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the resource with all below it."""
        self.client(aws).delete_resource(restApiId=state["rest_api_id"], resourceId=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE`."""
        return parts(import_id, "REST-API-ID/RESOURCE-ID", "rest_api_id", "id")


class Method(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html ."""

    type_name = "aws_api_gateway_method"
    label = "API Gateway Method"
    service = "apigateway"
    gone = ("NotFoundException",)
    read_after_create = False
    arguments: ClassVar = {
        "rest_api_id",
        "resource_id",
        "http_method",
        "authorization",
        "authorization_scopes",
        "authorizer_id",
        "api_key_required",
        "operation_name",
        "request_models",
        "request_parameters",
        "request_validator_id",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the method."""
        request = given(
            apiKeyRequired=planned["api_key_required"],
            authorizationScopes=planned["authorization_scopes"],
            authorizerId=planned["authorizer_id"],
            operationName=planned["operation_name"],
            requestModels=planned["request_models"],
            requestParameters=planned["request_parameters"],
            requestValidatorId=planned["request_validator_id"],
        )
        self.client(aws).put_method(**method_of(planned), authorizationType=planned["authorization"], **request)
        return {"id": route_id("agm", planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the method."""
        answer = self.client(aws).get_method(**method_of(state))
        return {
            "api_key_required": answer.get("apiKeyRequired"),
            "authorization": answer.get("authorizationType"),
            "authorization_scopes": answer.get("authorizationScopes"),
            "authorizer_id": answer.get("authorizerId"),
            "operation_name": answer.get("operationName"),
            "request_models": answer.get("requestModels"),
            "request_parameters": answer.get("requestParameters"),
            "request_validator_id": answer.get("requestValidatorId"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.replace("/authorizationType", "authorization")
        patch.replace("/authorizerId", "authorizer_id")
        patch.replace("/apiKeyRequired", "api_key_required")
        patch.replace("/operationName", "operation_name", null=True)
        patch.replace("/requestValidatorId", "request_validator_id", null=True)
        patch.entries("/requestModels", "request_models")
        patch.entries("/requestParameters", "request_parameters")
        patch.members("/authorizationScopes", "authorization_scopes")
        self.client(aws).update_method(**method_of(planned), patchOperations=patch.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the method."""
        self.client(aws).delete_method(**method_of(state))

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE/METHOD`."""
        values = parts(import_id, ROUTE_ID, "rest_api_id", "resource_id", "http_method")
        return {**values, "id": route_id("agm", values)}


ROUTE_ID = "REST-API-ID/RESOURCE-ID/HTTP-METHOD"
"""The form of the import ids."""


def method_of(values: Values) -> dict[str, Any]:
    """How AWS's calls name the method that a resource is or belongs to."""
    return {
        "restApiId": values["rest_api_id"],
        "resourceId": values["resource_id"],
        "httpMethod": values["http_method"],
    }


def route_id(prefix: str, values: Values) -> str:
    """The id that Terraform gives to what belongs to a method."""
    return "-".join((prefix, values["rest_api_id"], values["resource_id"], values["http_method"]))


TYPES = (Resource, Method)
