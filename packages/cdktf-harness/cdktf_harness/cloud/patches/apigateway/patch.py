"""API Gateway: patch operations change numbers, flags, lists and keys with slashes as AWS does.

ministack's function for them (services/apigateway_v1.py 400-433) stores each value as a string, which SDKs cannot read
as a number or a flag. It replaces lists by maps, keeps `~1` in keys, and does not support the stages of a usage plan.
UpdateMethodResponse does not exist (1271-1281).

Operations: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html .
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_Path = list[str]
_TYPES: tuple[tuple[str, type], ...] = (
    (r"disableExecuteApiEndpoint|apiKeyRequired|enabled|tracingEnabled|cacheClusterEnabled", bool),
    (r"validateRequestBody|validateRequestParameters|tlsConfig/insecureSkipVerification", bool),
    (r"canarySettings/useStageCache", bool),
    (r"minimumCompressionSize|timeoutInMillis|authorizerResultTtlInSeconds", int),
    (r"throttle/burstLimit|quota/limit|quota/offset", int),
    (r"throttle/rateLimit|canarySettings/percentTraffic", float),
)
"""Paths of values that are not strings, with their types."""
_LIMITS = {"burstLimit": int, "rateLimit": float}
_METHOD_RESPONSE = re.compile(r"/restapis/([^/]+)/resources/([^/]+)/methods/([^/]+)/responses/([^/]+)")


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
    response = _METHOD_RESPONSE.fullmatch(path)
    if method == "PATCH" and response:
        return _update_method_response(*response.groups(), body=body)
    return await original(method, path, headers, body, query)


@replaces(service, "_apply_patch")
def _apply_patch(_: Any, target: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """Change `target`, an API Gateway object, by patch operations; return it."""
    for operation in operations:
        path = [key.replace("~1", "/").replace("~0", "~") for key in operation.get("path", "").lstrip("/").split("/")]
        if path == [""]:
            continue
        if path[0] == "apiStages":
            _apply_to_stages(target.setdefault("apiStages", []), operation, path[1:])
        else:
            _apply(target, operation.get("op", "replace"), path, _typed("/".join(path), operation.get("value")))
    return target


def _apply(target: dict[str, Any], op: str, path: _Path, value: Any) -> None:
    *parents, last = path
    for depth, key in enumerate(parents):
        child = target.get(key)
        if isinstance(child, list):
            target[key] = _changed_list(child, op, "/".join(path[depth + 1 :]), value)
            return
        if not isinstance(child, dict):
            if op == "remove":
                return
            child = target[key] = {}
        target = child
    if isinstance(target.get(last), list):
        target[last] = _changed_list(target[last], op, value, value)
    elif op == "remove":
        target.pop(last, None)
    else:
        target[last] = value


def _changed_list(members: list[Any], op: str, member: Any, value: Any) -> list[Any]:
    # A member is part of the path, or the value if the path ends with the list.
    if op == "replace" and member in members:
        return [value if one == member else one for one in members]
    kept = [one for one in members if one != member]
    return kept if op == "remove" else [*kept, member]


def _apply_to_stages(stages: list[dict[str, Any]], operation: dict[str, Any], path: _Path) -> None:
    # The value of add and remove is API:STAGE; limits of a method are at API:STAGE/throttle/RESOURCE/METHOD/LIMIT.
    op, value = operation.get("op", "replace"), operation.get("value")
    api, _, name = (path[0] if path else str(value)).partition(":")
    found = next((stage for stage in stages if (stage["apiId"], stage["stage"]) == (api, name)), None)
    if not path:
        if op == "remove" and found:
            stages.remove(found)
        elif op == "add" and not found:
            stages.append({"apiId": api, "stage": name})
    elif found and path[1:2] == ["throttle"]:
        throttle = found.setdefault("throttle", {})
        if len(path) == 2:
            found.pop("throttle")
        elif op == "remove":
            throttle.pop("/".join(path[2:]), None)
        else:
            *method, limit = path[2:]
            throttle.setdefault("/".join(method), {})[limit] = _LIMITS[limit](value)


def _typed(path: str, value: Any) -> Any:
    # A flag of a method or its response; the values of integrations are in quotes, or names.
    if re.match(r"(request|response)Parameters/method\.", path) and value in ("true", "false"):
        return value == "true"
    kind = next((kind for pattern, kind in _TYPES if re.fullmatch(pattern, path)), str)
    if kind is str or not isinstance(value, str):
        return value
    if kind is bool:
        return value.lower() == "true"
    return kind(value) if value else None


def _update_method_response(api: str, resource: str, http_method: str, status: str, *, body: Any) -> Any:
    code, _, _ = answer = service._get_method_response(api, resource, http_method, status)
    if code != 200:
        return answer
    response = service._resources[api][resource]["resourceMethods"][http_method]["methodResponses"][status]
    service._apply_patch(response, service.json.loads(body or "{}").get("patchOperations", []))
    return service._v1_response(response)
