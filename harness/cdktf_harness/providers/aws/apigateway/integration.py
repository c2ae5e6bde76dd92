"""API Gateway: integrations, what answers a method."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..model import first, given
from ..names import parts
from ..resource import AwsResource
from .method import ROUTE_ID, method_of, route_id
from .patch import Patch


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
        return {"id": route_id("agi", planned)}

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
        self.client(aws).put_integration(**method_of(planned), type=planned["type"], **request)

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the integration."""
        answer = self.client(aws).get_integration(**method_of(state))
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
            "response_transfer_mode": answer.get("responseTransferMode", "BUFFERED"),
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
        self.client(aws).update_integration(**method_of(planned), patchOperations=patch.operations + tls.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the integration."""
        self.client(aws).delete_integration(**method_of(state))

    def from_import_id(self, import_id: str) -> Values:
        """`API/RESOURCE/METHOD`."""
        values = parts(import_id, ROUTE_ID, "rest_api_id", "resource_id", "http_method")
        return {**values, "id": route_id("agi", values)}


TYPES = (Integration,)
