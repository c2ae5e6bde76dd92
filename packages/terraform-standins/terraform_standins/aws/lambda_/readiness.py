"""Wait until a function is ready, and retry calls that are refused before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...protocol.values import Values
from ..waiting import duration, retry, wait_for

_PROPAGATION_SECONDS = 300
"""How long Lambda may fail to assume a role that IAM has just created."""
_TIMEOUT_SECONDS = 600
_NOT_YET = (
    "cannot be assumed by Lambda",
    "execution role does not have permissions",
    "KMS key is invalid for CreateGrant",
    "throttled by EC2",
    "in progress",
)
"""Parts of the messages of temporary errors."""


def wait(client: Any, planned: Values, doing: str, **version: str) -> None:
    """Wait for the end of a "create" or "update". Raises RuntimeError if it fails, TimeoutError if it is too slow."""
    name = planned["function_name"]
    status, good = ("State", "Active") if doing == "create" else ("LastUpdateStatus", "Successful")

    def ask() -> dict[str, Any] | None:
        function: dict[str, Any] = client.get_function_configuration(FunctionName=name, **version)
        return None if function.get(status, good) in ("Pending", "InProgress") else function

    function = wait_for(ask, seconds=_seconds(planned, doing), waiting_for=f"Lambda Function ({name}) {doing}")
    if function.get(status, good) != good:
        reason = f"{function.get(status + 'ReasonCode')}: {function.get(status + 'Reason')}"
        raise RuntimeError(f"unexpected state {function[status]!r}, wanted target {good!r}: {reason}")


def _seconds(planned: Values, doing: str) -> float:
    written = (planned["timeouts"] or {}).get(doing)
    return _TIMEOUT_SECONDS if written is None else duration(written)


def when_ready(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `call` returns; repeat it while Lambda's error is a temporary one."""
    return retry(call, lambda error: any(text in str(error) for text in _NOT_YET), seconds=_PROPAGATION_SECONDS)
