"""Lambda: a function gets the request id of Invoke's response.

ministack gives the function another id (services/lambda_svc.py 5188, app.py 3343), so the response's id is in no log.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html , x-amzn-RequestId.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_request: ContextVar[str] = ContextVar("request", default="")
_invoked: ContextVar[str] = ContextVar("invoked", default="")


@replaces(upstream, "_dispatch_service_request")
async def _handle(original: Any, *call: Any) -> Any:
    _request.set(call[-1])
    return await original(*call)


# It passes the id through the threads of ministack, too; another integration's call has its own id.
@replaces(service, "_invoke")
async def _invoke(original: Any, *call: Any, **more: Any) -> Any:
    _invoked.set(_request.get())
    return await original(*call, **more)


@replaces(service, "_execute_function_dispatch")
def _execute(original: Any, func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
    return original(func, config, event, _invoked.get() or request_id, started)
