"""What API Gateway itself answers."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.api_gateway_gateway_response import ApiGatewayGatewayResponse
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from constructs import Construct

# By response type: status and message. The two defaults are for all other types, with the status of each.
ANSWERS = {
    "DEFAULT_4XX": ("", "Request refused"),
    "DEFAULT_5XX": ("", "Internal server error"),
    "MISSING_AUTHENTICATION_TOKEN": ("404", "Not found"),
    "THROTTLED": ("429", "Too many requests"),
    "QUOTA_EXCEEDED": ("429", "Too many requests"),
}


class GatewayResponses(Construct):
    """Answers in JSON with a message and the request id, without the names and reasons in AWS's own messages."""

    def __init__(self, scope: Construct, id_: str, *, api: ApiGatewayRestApi) -> None:
        super().__init__(scope, id_)
        for type_, (status, message) in ANSWERS.items():
            body = json.dumps({"message": message, "requestId": "$context.requestId"})
            ApiGatewayGatewayResponse(
                self,
                type_,
                rest_api_id=api.id,
                response_type=type_,
                status_code=status or None,
                response_templates={"application/json": body},
            )
