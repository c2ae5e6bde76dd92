"""Lambda: the reserved concurrency of a function limits its versions and aliases, too.

ministack finds it at the function only (services/lambda_svc.py 5116), so calls of an alias have no limit.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html : it applies to the function as a whole.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]


def install() -> None:
    """Look at the function of which a version is called."""
    reserved = service._reserved_concurrency

    def reserved_of_all(func: Any, config: dict[str, Any]) -> int | None:
        found: int | None = reserved(service._functions.get(config.get("FunctionName")) or func, config)
        return found

    service._reserved_concurrency = reserved_of_all
