"""API Gateway: a stage writes its access log, and its requests and the calls of functions are metrics.

ministack stores the access log's settings only, publishes no metric of API Gateway, and metrics of AWS Lambda only for
Invoke (services/apigateway_v1.py 738, 2556; services/lambda_svc.py 3166). Two refusals of AWS are missing: for a
Firehose stream as the log, and for an account without a role for logs.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from ministack.services import apigateway as http_apis  # type: ignore[import-untyped]
from ministack.services import apigateway_v1 as service
from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc

from cdktf_harness.cloud.functions.output import store
from cdktf_harness.cloud.replacing import replaces

_VARIABLE = re.compile(r"\$context\.([A-Za-z_.]+)")
_integration: ContextVar[dict[str, Any]] = ContextVar("integration")


@replaces(service, "_call_lambda_raw")
async def _call(original: Any, function_ref: str, event: Any, **scope: Any) -> Any:
    began = time.monotonic()
    result, error = await original(function_ref, event, **scope)
    took = 1000 * (time.monotonic() - began)
    if result is None:
        return result, error
    failed = bool(result.get("error"))
    if noted := _integration.get(None):
        noted.update({"integration.requestId": result.get("request_id"), "integrationLatency": round(took)})
        noted["integration.error"] = _message(result) if failed else None
    if not result.get("throttle"):
        name = function_ref.rpartition(":function:")[2].partition(":")[0] or function_ref
        lambda_svc._emit_lambda_metrics(name, duration_ms=took, error=failed, throttle=False)
    return result, error


@replaces(service, "_execute_in_scope")
async def _note(original: Any, request: dict[str, Any], *more: Any) -> Any:
    response = await original(request, *more)
    noted = _integration.get({})
    noted |= {"requestId": request["request_id"], "resourcePath": request["resource_path"] or None}
    if isinstance(response, service._GatewayError):
        noted |= {"error.message": response.message, "error.responseType": response.response_type}
    return response


@replaces(service, "_handle_execute_in_scope")
async def _execute(original: Any, api: str, stage: str, method: str, path: str, *more: Any) -> Any:
    names = {"ApiName": (service._rest_apis.get(api) or {}).get("name"), "Stage": stage}
    found, call = service._stages_v1.get(api, {}).get(stage), original(api, stage, method, path, *more)
    return await _recorded(call, method, f"/{stage}{path}", found, names, "4XXError", "5XXError")


@replaces(http_apis, "_handle_execute_in_scope")
async def _execute_http(original: Any, api: str, stage: str, path: str, method: str, *more: Any) -> Any:
    whole = path if stage == "$default" else f"/{stage}{path}"
    found, call = http_apis._stages.get(api, {}).get(stage), original(api, stage, path, method, *more)
    return await _recorded(call, method, whole, found, {"ApiId": api, "Stage": stage}, "4xx", "5xx")


async def _recorded(
    call: Awaitable[Any],
    method: str,
    path: str,
    stage: dict[str, Any] | None,
    dimensions: dict[str, Any],
    refused: str,
    failed: str,
) -> Any:
    """Return the answer of a call; write it to the log and the metrics of a stage, if that exists."""
    noted: dict[str, Any] = {"requestId": service.new_uuid(), "httpMethod": method, "path": quote(path)}
    _integration.set(noted)
    began = time.monotonic()
    response = await call
    if stage is not None:
        took, status = round(1000 * (time.monotonic() - began)), int(response[0])
        noted |= {"status": status, "responseLatency": took, "stage": dimensions["Stage"]}
        noted["requestTime"] = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        noted["identity.sourceIp"] = "127.0.0.1"
        _write(stage, noted)
        _publish(dimensions, noted, refused, failed)
    return response


def _write(stage: dict[str, Any], noted: dict[str, Any]) -> None:
    settings = stage.get("accessLogSettings") or {}
    _, is_logs, name = settings.get("destinationArn", "").partition(":log-group:")
    group = name.removesuffix(":*")
    if not is_logs or group not in cloudwatch_logs._log_groups or not settings.get("format"):
        return

    def value(variable: Any) -> str:
        found = noted.get(variable[1])
        return "-" if found is None else str(found)

    store(group, service.new_uuid(), [_VARIABLE.sub(value, settings["format"])])


def _publish(dimensions: dict[str, str], noted: dict[str, Any], refused: str, failed: str) -> None:
    values = {
        "Count": 1,
        refused: int(400 <= noted["status"] < 500),
        failed: int(noted["status"] >= 500),
        "Latency": noted["responseLatency"],
        "IntegrationLatency": noted.get("integrationLatency"),
    }
    for name, value in values.items():
        if value is not None:
            unit = "Milliseconds" if "Latency" in name else "Count"
            cloudwatch.record_metric("AWS/ApiGateway", name, value, unit, dimensions)
    cloudwatch._evaluate_all_alarms()


def _message(result: dict[str, Any]) -> str:
    """Return why a function failed, so that it does not end a text in JSON, the usual format of the log.

    ministack's reason may have lines of the container's log, which AWS's has not.
    """
    body = result.get("body")
    reason = str(body.get("errorMessage", "")) if isinstance(body, dict) else "the function failed"
    return json.dumps(reason.partition("\n")[0])[1:-1]
