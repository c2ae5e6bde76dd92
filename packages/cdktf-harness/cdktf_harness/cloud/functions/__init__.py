"""The embedded cloud's own way to run functions, in place of ministack's.

ministack 1.5.33 publishes an unauthenticated port for each container, sets no limit for memory and processes, counts
the start of a container as the function's time, asks the engine several times for each request, and gives the function
another request id than the caller. It has no setting for any of that (services/lambda_svc.py, 3290-5265).
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from cdktf_harness.cloud.replacing import replaces

ENGINE_ERROR = "Runtime.DockerError"
"""The type of the error of a function that the engine does not run because it does not answer."""
FUNCTION_ELSEWHERE = "MINISTACK_LAMBDA_PROXY_URL"
"""The variable of a function that names a server to call in place of a container."""
# ministack reports a function as in progress for 0.5 s after each change; this is enough for clients that poll.
IN_PROGRESS_SECONDS = 0.02


class _DockerOnUse(ModuleType):
    def __getattr__(self, name: str) -> Any:
        # Python's import lock makes this safe for requests in several threads.
        return getattr(import_module("docker"), name)


def prepare() -> None:
    """Import ministack's Lambda without the Docker SDK, a third of a cloud's start; a function's start imports that.

    Call this before anything else imports it.
    """
    sys.modules["docker"] = _DockerOnUse("docker")
    try:
        import_module("ministack.services.lambda_svc")
    finally:
        del sys.modules["docker"]


def install(port: int, folder: Path) -> None:
    """Let functions of this process's cloud, which has `folder` and listens on `port`, run in containers of `Pool`."""
    from ministack import app as upstream  # type: ignore[import-untyped]
    from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

    from cdktf_harness.cloud.functions.mocks import Mock
    from cdktf_harness.cloud.functions.pool import Pool

    pool = Pool(port, folder)
    request: ContextVar[str] = ContextVar("request", default="")
    # The id of the request, and whether the caller wants what the function printed.
    invoked: ContextVar[tuple[str, bool]] = ContextVar("invoked", default=("", False))

    @replaces(upstream, "_dispatch_service_request")
    async def handle(original: Any, *call: Any) -> Any:
        request.set(call[-1])
        return await original(*call)

    @replaces(service, "_invoke")
    async def invoke(original: Any, name: str, event: Any, headers: dict[str, str], *more: Any, **others: Any) -> Any:
        invoked.set((request.get(), headers.get("x-amz-log-type", "").lower() == "tail"))
        return await original(name, event, headers, *more, **others)

    @replaces(service, "_execute_function_dispatch")
    def execute(original: Any, function: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        # Invoke's response has this id (app.py 3343); another integration's call has its own.
        own_id, tail = invoked.get()
        request_id = own_id or request_id
        if service._proxy_url_for(config):
            # The function is a server elsewhere.
            result = original(function, config, event, request_id, started)
        else:
            mocked = Mock(folder, config["FunctionName"]).answer(event)
            result = mocked or pool.invoke(function, event, request_id, tail=tail)
        return {**result, "request_id": request_id}

    service._pool_kill_function, service._pool_clear_all = pool.remove_function, pool.remove_all
    # For SnapStart, it starts a container before the first request.
    service._spawn_lambda_container = lambda *_: (None, None)
    service._pool_register, service._pool_release = lambda *_: {}, lambda _: None
    service._LAMBDA_STATE_TRANSITION_DELAY = IN_PROGRESS_SECONDS
