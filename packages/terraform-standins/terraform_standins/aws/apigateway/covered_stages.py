"""API Gateway: the stages that a usage plan covers."""

from __future__ import annotations

from typing import Any

from ...protocol.values import Values
from ..model import text
from .patch import Operation, escape


def expand(stages: list[Values]) -> list[dict[str, Any]]:
    """The argument `api_stages` in AWS's form."""
    return [
        {"apiId": stage["api_id"], "stage": stage["stage"], **({"throttle": limits} if limits else {})}
        for stage in stages
        for limits in [
            {t["path"]: {"burstLimit": t["burst_limit"], "rateLimit": t["rate_limit"]} for t in stage["throttle"]}
        ]
    ]


def covered(stages: list[dict[str, Any]]) -> list[Values]:
    """The inverse of `expand`."""
    return [
        {
            "api_id": stage["apiId"],
            "stage": stage["stage"],
            "throttle": [
                {"path": path, "burst_limit": limits.get("burstLimit"), "rate_limit": limits.get("rateLimit")}
                for path, limits in stage.get("throttle", {}).items()
            ],
        }
        for stage in stages
    ]


def replace(old: list[Values], new: list[Values]) -> list[Operation]:
    """Remove the stages that differ from a usage plan, then add them as planned."""
    operations = [{"op": "remove", "path": "/apiStages", "value": _name(stage)} for stage in old if stage not in new]
    for stage in (stage for stage in new if stage not in old):
        operations.append({"op": "add", "path": "/apiStages", "value": _name(stage)})
        operations += [
            {
                "op": "replace",
                "path": f"/apiStages/{_name(stage)}/throttle/{escape(limits['path'])}/{key}",
                "value": text(limits[argument]),
            }
            for limits in stage["throttle"]
            for key, argument in (("rateLimit", "rate_limit"), ("burstLimit", "burst_limit"))
        ]
    return operations


def _name(stage: Values) -> str:
    return f"{stage['api_id']}:{stage['stage']}"
