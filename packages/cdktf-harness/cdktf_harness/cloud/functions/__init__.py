"""The embedded cloud's own way to run functions, in place of ministack's.

ministack 1.5.33 publishes an unauthenticated port for each container, sets no limit for memory and processes, counts
the start of a container as the function's time, and asks the engine several times for each request. It has no setting
for any of that (services/lambda_svc.py, 3290-5265).
"""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import Any

ENGINE_ERROR = "Runtime.DockerError"
"""The type of the error of a function that the engine does not run because it does not answer."""
FUNCTION_ELSEWHERE = "MINISTACK_LAMBDA_PROXY_URL"
"""The variable of a function that names a server to call in place of a container."""
# ministack reports a function as in progress for 0.5 s after each change; this is enough for clients that poll.
IN_PROGRESS_SECONDS = 0.02


def install(port: int, folder: Path) -> None:
    """Let functions of this process's cloud, which has `folder` and listens on `port`, run in containers of `Pool`."""
    from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

    from cdktf_harness.cloud.functions.mocks import Mock
    from cdktf_harness.cloud.functions.pool import Pool

    pool, invoke, dispatch = Pool(port, folder), service._invoke, service._execute_function_dispatch
    tail: ContextVar[bool] = ContextVar("tail", default=False)

    async def invoke_with_tail(name: str, event: Any, headers: dict[str, str], *more: Any, **others: Any) -> Any:
        tail.set(headers.get("x-amz-log-type", "").lower() == "tail")
        return await invoke(name, event, headers, *more, **others)

    def execute(function: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        if service._proxy_url_for(config):
            # The function is a server elsewhere.
            return dispatch(function, config, event, request_id, started)
        mocked = Mock(folder, config["FunctionName"]).answer(event)
        return mocked or pool.invoke(function, event, request_id, tail=tail.get())

    service._invoke, service._execute_function_dispatch = invoke_with_tail, execute
    service._pool_kill_function, service._pool_clear_all = pool.remove_function, pool.remove_all
    # For SnapStart, it starts a container before the first request.
    service._spawn_lambda_container = lambda *_: (None, None)
    service._pool_register, service._pool_release = lambda *_: {}, lambda _: None
    service._LAMBDA_STATE_TRANSITION_DELAY = IN_PROGRESS_SECONDS
