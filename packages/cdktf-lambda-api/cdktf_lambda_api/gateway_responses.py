"""What API Gateway itself answers."""

from __future__ import annotations

import json
from collections.abc import Mapping

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
INVALID = {"BAD_REQUEST_BODY": ("400", "Invalid request body")}


class GatewayResponses(Construct):
    """Answers in JSON with a message and the request id, without the names and reasons in AWS's own messages.

    With `models`, a body that does not match has the reason, too. An API with `iam` answers a request that is not
    signed like one without a route, so 404 would be wrong. All have the `headers`, which are constants.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: ApiGatewayRestApi,
        models: bool = False,
        iam: bool = False,
        headers: Mapping[str, str] = {},
    ) -> None:
        super().__init__(scope, id_)
        unknown = {"MISSING_AUTHENTICATION_TOKEN": ("403", "Forbidden")} if iam else {}
        for type_, (status, message) in {**ANSWERS, **unknown, **(INVALID if models else {})}.items():
            reason = {"reason": "$context.error.validationErrorString"} if type_ in INVALID else {}
            body = json.dumps({"message": message, **reason, "requestId": "$context.requestId"})
            ApiGatewayGatewayResponse(
                self,
                type_,
                rest_api_id=api.id,
                response_type=type_,
                status_code=status or None,
                response_templates={"application/json": body},
                response_parameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()}
                or None,
            )
