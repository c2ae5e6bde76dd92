"""API Gateway: what a method, an integration and the gateway itself answer."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..model import given
from ..names import parts
from ..resource import AwsResource
from .method import ROUTE_ID, method_of, route_id
from .patch import Patch


class _MethodsResponse(AwsResource):
    """What the responses of a method and those of its integration have in common."""

    service = "apigateway"
    gone = ("NotFoundException",)
    prefix: ClassVar[str]

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE/METHOD/STATUS`."""
        names = ("rest_api_id", "resource_id", "http_method", "status_code")
        values = parts(import_id, f"{ROUTE_ID}/STATUS-CODE", *names)
        return {**values, "id": _response_id(self.prefix, values)}


class MethodResponse(_MethodsResponse):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html ."""

    type_name = "aws_api_gateway_method_response"
    label = "API Gateway Method Response"
    prefix = "agmr"
    arguments: ClassVar = {
        "rest_api_id",
        "resource_id",
        "http_method",
        "status_code",
        "response_models",
        "response_parameters",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Declare the response."""
        request = given(responseModels=planned["response_models"], responseParameters=planned["response_parameters"])
        self.client(aws).put_method_response(**_response_of(planned), **request)
        return {"id": _response_id(self.prefix, planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the response."""
        answer = self.client(aws).get_method_response(**_response_of(state))
        return {
            "response_models": answer.get("responseModels"),
            "response_parameters": answer.get("responseParameters"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.entries("/responseModels", "response_models")
        patch.entries("/responseParameters", "response_parameters")
        self.client(aws).update_method_response(**_response_of(planned), patchOperations=patch.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the response."""
        self.client(aws).delete_method_response(**_response_of(state))


class IntegrationResponse(_MethodsResponse):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html ."""

    type_name = "aws_api_gateway_integration_response"
    label = "API Gateway Integration Response"
    prefix = "agir"
    arguments: ClassVar = {
        "rest_api_id",
        "resource_id",
        "http_method",
        "status_code",
        "selection_pattern",
        "content_handling",
        "response_parameters",
        "response_templates",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the response, in the place of the one that is there."""
        request = given(
            selectionPattern=planned["selection_pattern"],
            contentHandling=planned["content_handling"],
            responseParameters=planned["response_parameters"],
            responseTemplates=planned["response_templates"],
        )
        self.client(aws).put_integration_response(**_response_of(planned), **request)
        return {"id": _response_id(self.prefix, planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the response."""
        answer = self.client(aws).get_integration_response(**_response_of(state))
        return {
            "selection_pattern": answer.get("selectionPattern"),
            "content_handling": answer.get("contentHandling"),
            "response_parameters": answer.get("responseParameters"),
            # AWS answers null for a template that is empty.
            "response_templates": {k: v or "" for k, v in answer.get("responseTemplates", {}).items()},
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again: what is left out goes."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the response."""
        self.client(aws).delete_integration_response(**_response_of(state))


class GatewayResponse(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_PutGatewayResponse.html ."""

    type_name = "aws_api_gateway_gateway_response"
    label = "API Gateway Gateway Response"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {"rest_api_id", "response_type", "status_code", "response_parameters", "response_templates"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the response in the place of AWS's own."""
        request = given(
            statusCode=planned["status_code"],
            responseParameters=planned["response_parameters"],
            responseTemplates=planned["response_templates"],
        )
        self.client(aws).put_gateway_response(**_gateway_response_of(planned), **request)
        return {"id": f"aggr-{planned['rest_api_id']}-{planned['response_type']}"}

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Get the response; AWS's own one is there when this one is not."""
        answer = self.client(aws).get_gateway_response(**_gateway_response_of(state))
        if answer.get("defaultResponse"):
            return None
        return {
            "response_type": answer.get("responseType"),
            "status_code": answer.get("statusCode"),
            "response_parameters": answer.get("responseParameters"),
            "response_templates": answer.get("responseTemplates"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again: what is left out goes."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Go back to AWS's own response."""
        self.client(aws).delete_gateway_response(**_gateway_response_of(state))

    def from_import_id(self, import_id: str) -> Values:
        """`API/TYPE`."""
        values = parts(import_id, "REST-API-ID/RESPONSE-TYPE", "rest_api_id", "response_type")
        return {**values, "id": f"aggr-{values['rest_api_id']}-{values['response_type']}"}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """Without a name, and `putting`, as the provider says it."""
        return super().explain(error, {"creating": "putting", "updating": "putting"}.get(doing, doing), {})


def _gateway_response_of(values: Values) -> dict[str, Any]:
    return {"restApiId": values["rest_api_id"], "responseType": values["response_type"]}


def _response_of(values: Values) -> dict[str, Any]:
    return {**method_of(values), "statusCode": values["status_code"]}


def _response_id(prefix: str, values: Values) -> str:
    return f"{route_id(prefix, values)}-{values['status_code']}"


TYPES = (MethodResponse, IntegrationResponse, GatewayResponse)
