"""API Gateway: integrations."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import Calls
from .arns import ROUTE_ID, route_id
from .patch import PatchedResource


class Integration(PatchedResource):
    """The integration of a method: the backend that API Gateway calls.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    """

    type_name = "aws_api_gateway_integration"
    label = "API Gateway Integration"
    calls = Calls("put_integration", "get_integration", "update_integration", "delete_integration")
    names: ClassVar = {"timeout_milliseconds": "timeoutInMillis"}
    import_form = ROUTE_ID

    def id_of(self, values: Values) -> str:
        return route_id("agi", values)

    def read(self, aws: Aws, state: Values) -> Values:
        defaults = {"connectionType": "INTERNET", "responseTransferMode": "BUFFERED"}
        answer = {**defaults, **self.call(aws, "get_integration", state)}
        # `httpMethod` in the answer is that of the integration, not that of the method.
        methods = {"http_method": state["http_method"], "integration_http_method": answer.get("httpMethod")}
        return {**self.values(aws, "Integration", answer), **methods}


TYPES = (Integration,)
