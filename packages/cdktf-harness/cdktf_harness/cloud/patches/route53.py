"""Route 53: health checks are answered as they were given; ministack writes True for true, and loses the names in lists
(services/route53.py 431, 460-465).

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import route53 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_build_health_check_el")
def _build(original: Any, parent: Any, check: dict[str, Any]) -> None:
    config = {name: str(one).lower() if isinstance(one, bool) else one for name, one in check["config"].items()}
    original(parent, {**check, "config": config})


@replaces(service, "_parse_health_check_config")
def _parse(original: Any, element: Any) -> dict[str, Any]:
    config: dict[str, Any] = original(element)
    for name, item in (("ChildHealthChecks", "ChildHealthCheck"), ("Regions", "Region")):
        if name in config:
            config[name] = [one.text for one in service._findall(service._find(element, name), item)]
    return config
