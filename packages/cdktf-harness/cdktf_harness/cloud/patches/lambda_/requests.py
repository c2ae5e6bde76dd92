"""Lambda: a function gets the id of the request that Invoke answers with.

ministack makes another id for the function (services/lambda_svc.py 5188, app.py 3343), so the answer's is in no log.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html , x-amzn-RequestId.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

_request: ContextVar[str] = ContextVar("request", default="")
_invoked: ContextVar[str] = ContextVar("invoked", default="")


def install() -> None:
    """Pass the id on, through the threads of ministack too; another integration's call has an id of its own."""
    handle, invoke, execute = upstream._dispatch_service_request, service._invoke, service._execute_function_dispatch

    async def handle_with_id(*call: Any) -> Any:
        _request.set(call[-1])
        return await handle(*call)

    async def invoke_with_id(*call: Any, **more: Any) -> Any:
        _invoked.set(_request.get())
        return await invoke(*call, **more)

    def execute_with_id(func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        return execute(func, config, event, _invoked.get() or request_id, started)

    upstream._dispatch_service_request = handle_with_id
    service._invoke, service._execute_function_dispatch = invoke_with_id, execute_with_id
