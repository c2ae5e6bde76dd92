"""API Gateway: an API may call a function only if the function's resource policy allows it.

ministack calls every function (services/apigateway_v1.py 2814, 2920), so a missing permission or a wrong `source_arn`
shows on AWS only. There, an integration without `credentials` needs a statement for apigateway.amazonaws.com in the
policy of the function or alias that it calls. Otherwise, the caller gets status 500.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html

The source ARN of API Gateway has the method of the request, and a path in which only a wildcard matches a parameter.
Reports differ on whether AWS accepts `{id}` itself (aws/serverless-application-model, issues 110 and 540); `*` works.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.lambda_.permissions import allowed
from cdktf_harness.cloud.replacing import replaces

_PRINCIPAL = "apigateway.amazonaws.com"
_PARAMETER = re.compile(r"\{[^/]*\}")


@replaces(service, "_invoke_lambda_proxy_v1", "_invoke_lambda_custom_v1")
async def _invoke(original: Any, integration: Any, api: str, stage: str, *more: Any, **scope: Any) -> Any:
    _, resource, _, method, *_ = more
    route = f"{api}/{stage}/{method}{_PARAMETER.sub('*', resource['path'])}"
    owner = scope["owner_account_id"], scope["owner_region"]
    if not integration.get("credentials") and not permitted(integration.get("uri", ""), route, *owner):
        return service._gw_error("API_CONFIGURATION_ERROR", "Internal server error")
    return await original(integration, api, stage, *more, **scope)


def permitted(uri: str, route: str, account: str, region: str) -> bool:
    """Return whether an integration's function may be called for a route; log why not."""
    source = f"arn:aws:execute-api:{region}:{account}:{route}"
    called = service._extract_lambda_ref_from_integration_uri(uri)
    found = allowed(called, _PRINCIPAL, source, account, region)
    if not found:
        logging.getLogger("apigateway").warning(
            "Execution failed due to configuration error: Invalid permissions on Lambda function: "
            "no statement of the policy of %s allows %s to call it for %s",
            called,
            _PRINCIPAL,
            source,
        )
    return found
