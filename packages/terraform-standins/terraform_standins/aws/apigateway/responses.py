"""API Gateway: the responses of methods, integrations and the gateway itself."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import Calls
from .arns import ROUTE_ID, route_id
from .patch import PatchedResource

_RESPONSE_ID = (f"{ROUTE_ID[0]}/STATUS-CODE", *ROUTE_ID[1:], "status_code")


class MethodResponse(PatchedResource):
    """A response that a method may return.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html
    """

    type_name = "aws_api_gateway_method_response"
    label = "API Gateway Method Response"
    calls = Calls("put_method_response", "get_method_response", "update_method_response", "delete_method_response")
    import_form = _RESPONSE_ID

    def id_of(self, values: Values) -> str:
        return route_id("agmr", values, "status_code")


class IntegrationResponse(PatchedResource):
    """The mapping of an integration's answer to a response of the method.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
    """

    type_name = "aws_api_gateway_integration_response"
    label = "API Gateway Integration Response"
    calls = Calls(
        create="put_integration_response",
        read="get_integration_response",
        update="put_integration_response",
        delete="delete_integration_response",
    )
    import_form = _RESPONSE_ID

    def id_of(self, values: Values) -> str:
        return route_id("agir", values, "status_code")

    def read(self, aws: Aws, state: Values) -> Values:
        values = super().read(aws, state) or {}
        # AWS answers null for an empty template.
        templates = {key: template or "" for key, template in (values["response_templates"] or {}).items()}
        return {**values, "response_templates": templates}


class GatewayResponse(PatchedResource):
    """A response of the gateway itself, for requests that reach no method.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutGatewayResponse.html
    """

    type_name = "aws_api_gateway_gateway_response"
    label = "API Gateway Gateway Response"
    calls = Calls("put_gateway_response", "get_gateway_response", "put_gateway_response", "delete_gateway_response")
    verbs: ClassVar = {"creating": "putting", "updating": "putting"}
    import_form = ("REST-API-ID/RESPONSE-TYPE", "rest_api_id", "response_type")

    def id_of(self, values: Values) -> str:
        return f"aggr-{values['rest_api_id']}-{values['response_type']}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.call(aws, "get_gateway_response", state)
        # If it does not exist, AWS answers its default response.
        return None if answer.get("defaultResponse") else self.values(aws, "GatewayResponse", answer)

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        return super().explain(error, doing, {})


TYPES = (MethodResponse, IntegrationResponse, GatewayResponse)
