"""Lambda: the reserved concurrency of a function limits its versions and aliases, too.

ministack applies it to unqualified calls only (services/lambda_svc.py 5116), so calls of an alias have no limit.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html : it applies to the function as a whole.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_reserved_concurrency")
def _reserved(original: Any, func: Any, config: dict[str, Any]) -> int | None:
    found: int | None = original(service._functions.get(config.get("FunctionName")) or func, config)
    return found
