"""API Gateway: check the response of a function to a proxy integration of a REST API.

ministack answers 200 to any response of a function (services/lambda_svc.py 5266-5309, used by
services/apigateway_v1.py 771-784). AWS answers 502 with `Internal server error` if it is not a proxy response, and logs
"Malformed Lambda proxy response" for the stage. A proxy response is an object with any of these five keys, no others,
and values of the right types.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html .

An error of the function is a 502 too. The embedded cloud shows the error, AWS only `Internal server error`.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
# What may be in a header (RFC 9110, 5.1 and 5.5).
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MESSAGE = "Internal server error"


@replaces(service, "_lambda_proxy_response")
def _response(original: Any, result: dict[str, Any]) -> Any:
    if result.get("error") or result.get("throttle"):
        return original(result)
    answer: Any = result.get("body")
    if reason := malformed(answer):
        logging.getLogger("apigateway").warning("Malformed Lambda proxy response: %s", reason)
        return None, _MESSAGE
    return {**answer, "statusCode": int(answer.get("statusCode", 200)), "body": _body(answer.get("body"))}, None


def malformed(answer: Any) -> str:
    """Return why a function's response is not a proxy response, or an empty string."""
    if not isinstance(answer, dict):
        return f"an object is expected, not {type(answer).__name__}"
    if others := sorted(answer.keys() - _KEYS):
        return f"unexpected keys {', '.join(others)}"
    if not _is_status(answer.get("statusCode", 200)):
        return f"statusCode {answer['statusCode']!r}"
    if isinstance(answer.get("body"), dict | list):
        return "body is no string"
    headers, several = ({} if value is None else value for value in map(answer.get, ("headers", "multiValueHeaders")))
    if not isinstance(headers, dict) or not all(isinstance(value, str | bool) for value in headers.values()):
        return "headers are not strings"
    if not isinstance(several, dict) or not all(isinstance(value, list) for value in several.values()):
        return "multiValueHeaders are not lists"
    for name, value in (*headers.items(), *((name, value) for name, values in several.items() for value in values)):
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(str(value)):
            return f"no HTTP header: {name!r}"
    return ""


def _is_status(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and 200 <= int(value) <= 599
    except (TypeError, ValueError):
        return False


def _body(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(service.json.dumps(value))
