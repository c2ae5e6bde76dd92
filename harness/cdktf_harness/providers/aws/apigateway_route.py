"""API Gateway: resources, methods, integrations, which make a route."""

from __future__ import annotations

from typing import Any, ClassVar

from ..protocol.values import Values
from .cloud import Aws
from .patch import Patch
from .resource import AwsResource
from .shapes import first, given, parts


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
        self.client(aws).put_method(**_method(planned), authorizationType=planned["authorization"], **request)
        return {"id": _id("agm", planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the method."""
        answer = self.client(aws).get_method(**_method(state))
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
        patch.replace("/operationName", "operation_name")
        patch.replace("/requestValidatorId", "request_validator_id")
        patch.entries("/requestModels", "request_models")
        patch.entries("/requestParameters", "request_parameters")
        patch.entries("/authorizationScopes", "authorization_scopes", values=False)
        self.client(aws).update_method(**_method(planned), patchOperations=patch.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the method."""
        self.client(aws).delete_method(**_method(state))

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE/METHOD`."""
        values = parts(import_id, _ROUTE_ID, "rest_api_id", "resource_id", "http_method")
        return {**values, "id": _id("agm", values)}


class Integration(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html ."""

    type_name = "aws_api_gateway_integration"
    label = "API Gateway Integration"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {
        "rest_api_id",
        "resource_id",
        "http_method",
        "type",
        "integration_http_method",
        "uri",
        "credentials",
        "connection_type",
        "connection_id",
        "content_handling",
        "passthrough_behavior",
        "timeout_milliseconds",
        "cache_key_parameters",
        "cache_namespace",
        "request_parameters",
        "request_templates",
        "tls_config",
        "response_transfer_mode",
        "integration_target",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the integration, or put it in the place of the one that is there."""
        self._put(aws, planned)
        return {"id": _id("agi", planned)}

    def _put(self, aws: Aws, planned: Values) -> None:
        request = given(
            integrationHttpMethod=planned["integration_http_method"],
            uri=planned["uri"],
            credentials=planned["credentials"],
            connectionType=planned["connection_type"],
            connectionId=planned["connection_id"],
            contentHandling=planned["content_handling"],
            passthroughBehavior=planned["passthrough_behavior"],
            timeoutInMillis=planned["timeout_milliseconds"],
            cacheKeyParameters=planned["cache_key_parameters"],
            cacheNamespace=planned["cache_namespace"],
            requestParameters=planned["request_parameters"],
            requestTemplates=planned["request_templates"],
            responseTransferMode=planned["response_transfer_mode"],
            integrationTarget=planned["integration_target"],
        )
        for tls in planned["tls_config"]:
            request["tlsConfig"] = {"insecureSkipVerification": bool(tls["insecure_skip_verification"])}
        self.client(aws).put_integration(**_method(planned), type=planned["type"], **request)

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the integration."""
        answer = self.client(aws).get_integration(**_method(state))
        tls = answer.get("tlsConfig")
        return {
            "type": answer["type"],
            "integration_http_method": answer.get("httpMethod"),
            "uri": answer.get("uri"),
            "credentials": answer.get("credentials"),
            "connection_type": answer.get("connectionType", "INTERNET"),
            "connection_id": answer.get("connectionId"),
            "content_handling": answer.get("contentHandling"),
            "passthrough_behavior": answer.get("passthroughBehavior"),
            "timeout_milliseconds": answer.get("timeoutInMillis"),
            "cache_key_parameters": answer.get("cacheKeyParameters"),
            "cache_namespace": answer.get("cacheNamespace"),
            "request_parameters": answer.get("requestParameters"),
            "request_templates": answer.get("requestTemplates"),
            "response_transfer_mode": answer.get("responseTransferMode"),
            "integration_target": answer.get("integrationTarget"),
            "tls_config": [{"insecure_skip_verification": tls.get("insecureSkipVerification")}] if tls else [],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.replace("/uri", "uri")
        patch.replace("/connectionType", "connection_type")
        patch.replace("/connectionId", "connection_id")
        patch.replace("/contentHandling", "content_handling")
        patch.replace("/timeoutInMillis", "timeout_milliseconds")
        patch.replace("/cacheNamespace", "cache_namespace")
        patch.replace("/responseTransferMode", "response_transfer_mode")
        patch.replace("/integrationTarget", "integration_target")
        patch.entries("/cacheKeyParameters", "cache_key_parameters", values=False)
        patch.entries("/requestParameters", "request_parameters")
        patch.entries("/requestTemplates", "request_templates")
        tls = Patch(first(prior["tls_config"]), first(planned["tls_config"]))
        tls.replace("/tlsConfig/insecureSkipVerification", "insecure_skip_verification")
        self.client(aws).update_integration(**_method(planned), patchOperations=patch.operations + tls.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the integration."""
        self.client(aws).delete_integration(**_method(state))

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE/METHOD`."""
        values = parts(import_id, _ROUTE_ID, "rest_api_id", "resource_id", "http_method")
        return {**values, "id": _id("agi", values)}


_ROUTE_ID = "REST-API-ID/RESOURCE-ID/HTTP-METHOD"


def _method(values: Values) -> dict[str, Any]:
    return {
        "restApiId": values["rest_api_id"],
        "resourceId": values["resource_id"],
        "httpMethod": values["http_method"],
    }


def _id(prefix: str, values: Values) -> str:
    return "-".join((prefix, values["rest_api_id"], values["resource_id"], values["http_method"]))


TYPES = (Resource, Method, Integration)
