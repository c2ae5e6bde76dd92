"""API Gateway: a route of an HTTP API calls its function as its integration says, if the function's policy allows it.

ministack sends payload format 2.0, whatever `payloadFormatVersion` is, and calls every function
(services/apigateway.py 1626-1760). Format 1.0 is the event of a REST API, except that the path begins with a named
stage, and that bodies of other than a few content types are in base64. The path of a custom domain is the whole path.
An API with a target gets its stage, route and integration (quick create), which ministack ignores (1869-1903).
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ministack.services import apigateway as service  # type: ignore[import-untyped]
from ministack.services import apigateway_v1 as rest

from cdktf_harness.cloud.front_door.request import current
from cdktf_harness.cloud.patches.apigateway.permissions import permitted
from cdktf_harness.cloud.replacing import replaces

_FAILED = 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'


@replaces(service, "_invoke_lambda_proxy")
async def _invoke(original: Any, integration: Any, api: str, stage: str, *request: Any, **given: Any) -> Any:
    *sent, route_key, path_params = request
    _, method, headers, _, query = sent
    owner = {name: given[name] for name in ("owner_account_id", "owner_region")}
    route = route_key.partition(" ")[2] or f"/{route_key}"
    uri = integration.get("integrationUri", "")
    if integration.get("payloadFormatVersion") != "1.0":
        if not permitted(uri, f"{api}/{stage}/{method}{route}", *owner.values()):
            return _FAILED
        return await original(integration, api, stage, *request, **given)
    answer = await rest._invoke_lambda_proxy_v1(
        {"uri": uri, "credentials": integration.get("credentialsArn")},
        api,
        stage,
        {"variables": service._get_stage_variables(api, stage)},
        {"id": route_key, "path": route, "routeKey": route_key},
        *sent,
        path_params,
        binary_media_types=["*/*"],
        authorizer_context=_authorizer(given),
        caller_identity=given["authorizer_iam"] and rest._iam_caller_identity(headers, query),
        **owner,
    )
    failed = isinstance(answer, rest._GatewayError) or (answer[0] == 502 and b"errorMessage" in answer[2])
    return _FAILED if failed else answer


@replaces(service, "_validate_jwt_authorizer")
async def _validate(original: Any, *given: Any) -> Any:
    """Refuse tokens without a time at which they expire, and claims of a wrong type."""
    try:
        claims, scopes, refusal = await original(*given)
        wrong = refusal is None and not isinstance(claims.get("exp"), int | float)
    except (AttributeError, OverflowError, TypeError, ValueError):
        wrong = True
    return (None, None, service._jwt_unauthorized()) if wrong else (claims, scopes, refusal)


@replaces(rest, "_build_lambda_event_v1")
def _event(
    original: Any, api: str, stage: str, settings: Any, resource: Any, path: str, *request: Any, **more: Any
) -> Any:
    event = original(api, stage, settings, resource, path, *request, **more)
    if "routeKey" in resource:
        headers, body = request[1], request[2]
        event["path"] = event["requestContext"]["path"] = path if stage == "$default" else f"/{stage}{path}"
        if body:
            text = service._v2_request_body_is_text(headers.get("content-type"))
            event["body"] = body.decode(errors="replace") if text else base64.b64encode(body).decode()
            event["isBase64Encoded"] = not text
    if (sent := current.get()) and sent.domain:
        event["path"] = event["requestContext"]["path"] = sent.path
        event["requestContext"]["domainName"] = sent.domain
        event["headers"]["host"], event["multiValueHeaders"]["host"] = sent.host, [sent.host]
    return event


@replaces(service, "_create_api")
def _create(original: Any, data: dict[str, Any]) -> Any:
    answer = original(data)
    if answer[0] == 201 and (target := data.get("target")):
        api = json.loads(answer[2])["apiId"]
        function = {"integrationType": "AWS_PROXY", "payloadFormatVersion": "2.0"}
        url = {"integrationType": "HTTP_PROXY", "payloadFormatVersion": "1.0", "integrationMethod": "ANY"}
        kind = function if target.startswith("arn:") else url
        made = json.loads(service._create_integration(api, {**kind, "integrationUri": target})[2])["integrationId"]
        service._integrations[api][made]["apiGatewayManaged"] = True
        service._create_route(api, {"routeKey": data.get("routeKey", "$default"), "target": f"integrations/{made}"})
        service._create_stage(api, {"stageName": "$default", "autoDeploy": True, "tags": data.get("tags", {})})
    return answer


@replaces(service, "_update_api")
def _update(original: Any, api: str, data: dict[str, Any]) -> Any:
    answer = original(api, data)
    for integration in service._integrations[api].values() if answer[0] == 200 and data.get("target") else ():
        if integration.get("apiGatewayManaged"):
            integration["integrationUri"] = data["target"]
    return answer


@replaces(service, "_delete_api")
def _delete(original: Any, api: str) -> Any:
    # The authorizers, too (1927).
    service._authorizers.pop(api, None)
    return original(api)


def _authorizer(given: dict[str, Any]) -> Any:
    """Return `requestContext.authorizer` of format 1.0."""
    claims = given["authorizer_claims"]
    if claims is None:
        return given["authorizer_lambda_context"]
    texts = {name: service._jwt_claim_to_string(value) for name, value in claims.items()}
    return {"claims": texts, "scopes": given["authorizer_scopes"] or None}
