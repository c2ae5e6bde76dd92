"""API Gateway: AWS_IAM needs a signature for `execute-api`, and a disabled default endpoint refuses all requests.

ministack looks only whether there is an Authorization header (services/apigateway_v1.py 1955, apigateway.py 1402), and
stores `disableExecuteApiEndpoint` without an effect (3641, 1891). As on AWS, a request without a signature, and one
with a wrong one, gets 403. IAM policies are evaluated only where the cloud enforces them.
https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html , rest-api-disable-default-endpoint.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from ministack.services import apigateway as http  # type: ignore[import-untyped]
from ministack.services import apigateway_v1 as rest

from cdktf_harness.cloud.front_door import signature
from cdktf_harness.cloud.front_door.request import Refused, current
from cdktf_harness.cloud.replacing import replaces

_SERVICE = "execute-api"


@replaces(rest, "_authorize_request_v1")
async def _authorize(original: Any, api: str, stage: str, method: dict[str, Any], *more: Any) -> Any:
    # After the method: verb, path, resource, headers, body.
    refusal = _refusal(more[4]) if _is_signed(method) else None
    return (refusal, None) if refusal else await original(api, stage, method, *more)


@replaces(rest, "_execute_in_scope")
async def _execute(original: Any, request: Any, api: str, *more: Any) -> Any:
    return http._jwt_forbidden() if _is_closed(rest._rest_apis.get(api)) else await original(request, api, *more)


@replaces(http, "_handle_execute_in_scope")
async def _execute_http(original: Any, api: str, stage: str, path: str, method: str, *more: Any) -> Any:
    # After the method: headers, body.
    route = http._match_route(api, method, f"/{path.lstrip('/')}") if method != "OPTIONS" else None
    if _is_closed(http._apis.get(api)) or (_is_signed(route or {}) and _refusal(more[1])):
        return http._jwt_forbidden()
    return await original(api, stage, path, method, *more)


def _is_closed(api: dict[str, Any] | None) -> bool:
    """Return whether the handled request is to the default endpoint of an API that has none."""
    request = current.get()
    return bool(api and api.get("disableExecuteApiEndpoint") and not (request and request.domain))


def _is_signed(method: dict[str, Any]) -> bool:
    # As ministack, which does not refuse other spellings.
    return str(method.get("authorizationType")).upper() == "AWS_IAM"


def _refusal(body: bytes | str | None) -> Any:
    """Return API Gateway's error for the request that is handled; None if its signature is right."""
    request = current.get()
    sent = body.encode() if isinstance(body, str) else body or b""
    if request is None or not ("authorization" in request.headers or "X-Amz-Signature" in request.query):
        return rest._gw_error("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    try:
        signed = signature.read(request, signature.known.get())
        signed.verify(sent)
        if signed.service != _SERVICE:
            raise Refused(f"Credential should be scoped to correct service: '{_SERVICE}'")
        if signed.payload and signed.payload != hashlib.sha256(sent).hexdigest():
            raise Refused("its body is not the one that is signed")
    except Refused as refused:
        return rest._gw_error("INVALID_SIGNATURE", refused.why)
    return None
