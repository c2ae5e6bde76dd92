"""API Gateway: the model `$default` validates bodies of all content types, and errors say why a body is not valid.

ministack looks for the content type and `application/json` only (services/apigateway_v1.py 2511), and does not know
`$context.error.validationErrorString`. The reasons have AWS's words for missing properties and wrong types.
https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html , requestModels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_DEFAULT, _JSON, _VARIABLE = "$default", "application/json", b"$context.error.validationErrorString"


@replaces(service, "_check_request_validation")
def _check(original: Any, method: dict[str, Any], api: str, request: Any, headers: Any, body: Any, query: Any) -> Any:
    models = method.get("requestModels") or {}
    if _DEFAULT in models:
        method = {**method, "requestModels": {_JSON: models[_DEFAULT], **models}}
    error = original(method, api, request, headers, body, query)
    if error is not None and error.response_type == "BAD_REQUEST_BODY":
        name = (method.get("requestModels") or {}).get(_JSON)
        try:
            found = list(_reasons(service._model_schema(api, name) or {}, json.loads(body)))
        except ValueError:
            found = ["Unable to parse the body as JSON"]
        error.reason = f"[{', '.join(found) or 'the body does not match the model'}]"
    return error


@replaces(service, "_delete_rest_api")
def _delete(original: Any, api: str) -> Any:
    # It keeps an entry without validators (1102).
    answer = original(api)
    service._request_validators.pop(api, None)
    return answer


@replaces(service, "_gateway_error_response")
def _respond(original: Any, error: Any, request: Any) -> Any:
    status, headers, body = original(error, request)
    reason = json.dumps(getattr(error, "reason", ""))[1:-1]
    return status, headers, body.replace(_VARIABLE, reason.encode())


def _reasons(schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    wanted = schema.get("type", [])
    types = [wanted] if isinstance(wanted, str) else wanted
    is_ = service._JSON_TYPES
    if types and not any(is_[type_](value) for type_ in types):
        found = next((name for name in is_ if is_[name](value)), "unknown")
        allowed = json.dumps(types, separators=(",", ":"))
        yield f"instance type ({found}) does not match any allowed primitive type (allowed: {allowed})"
    if isinstance(value, dict):
        if missing := [name for name in schema.get("required", ()) if name not in value]:
            yield f"object has missing required properties ({json.dumps(missing, separators=(',', ':'))})"
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _reasons(inner, value[name])
