"""Lambda: an alias with a weighted version sends it that share of the calls, and has the function's concurrency.

ministack stores the weights only (services/lambda_svc.py 1878, 3063). This patch applies them to Invoke and API
Gateway; event sources call the alias's main version. ministack applies the reserved concurrency to unqualified calls
only (5116), so calls of an alias have no limit.
https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html , configuration-concurrency.html
"""

from __future__ import annotations

import random
from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_invoke")
async def _invoke(
    original: Any, name: str, event: Any, headers: Any, path_qualifier: str | None = None, query_params: Any = None
) -> Any:
    qualifier = path_qualifier or service._qp_first(query_params or {}, "Qualifier")
    version = _version(service._functions.get(name), qualifier)
    return await original(name, event, headers, version or path_qualifier, query_params)


@replaces(service, "_get_func_record_for_ref_in_scope")
def _find(original: Any, called: str, **scope: Any) -> Any:
    function, _, _ = service._get_base_func_record_for_ref(called)
    _, qualifier = service._resolve_name_and_qualifier(called)
    version = _version(function, qualifier)
    return original(f"{called.removesuffix(str(qualifier))}{version}" if version else called, **scope)


@replaces(service, "_reserved_concurrency")
def _reserved(original: Any, func: Any, config: dict[str, Any]) -> Any:
    return original(service._functions.get(config.get("FunctionName")) or func, config)


def _version(function: dict[str, Any] | None, qualifier: str | None) -> str:
    """Return the additional version for a call of an alias; empty for the main one, and without an alias."""
    alias = (function or {}).get("aliases", {}).get(qualifier, {})
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    # AWS allows one.
    return next((str(version) for version, weight in weights.items() if random.random() < weight), "")
