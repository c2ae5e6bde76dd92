"""API Gateway: the stages that a usage plan covers."""

from __future__ import annotations

from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..model import text
from .patch import escape


def expand_api_stages(values: Values) -> list[dict[str, Any]]:
    """The argument `api_stages` as AWS has it."""
    return [
        {"apiId": stage["api_id"], "stage": stage["stage"], **({"throttle": limits} if limits else {})}
        for stage in values["api_stages"]
        for limits in [
            {t["path"]: {"burstLimit": t["burst_limit"], "rateLimit": t["rate_limit"]} for t in stage["throttle"]}
        ]
    ]


def api_stages(plan: dict[str, Any]) -> list[Values]:
    """AWS's answer as the argument `api_stages`."""
    return [
        {
            "api_id": stage["apiId"],
            "stage": stage["stage"],
            "throttle": [
                {"path": path, "burst_limit": limits.get("burstLimit"), "rate_limit": limits.get("rateLimit")}
                for path, limits in stage.get("throttle", {}).items()
            ],
        }
        for stage in plan.get("apiStages", [])
    ]


def change_api_stages(aws: Aws, prior: Values, planned: Values) -> None:
    """Take the stages that differ out of a plan, then add them as they are planned."""
    old, new = prior["api_stages"], planned["api_stages"]
    gone = [stage for stage in old if stage not in new]
    come = [stage for stage in new if stage not in old]
    if not gone and not come:
        return
    operations = [{"op": "remove", "path": "/apiStages", "value": _name(stage)} for stage in gone]
    for stage in come:
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
    aws.client("apigateway").update_usage_plan(usagePlanId=planned["id"], patchOperations=operations)


def _name(stage: Values) -> str:
    return f"{stage['api_id']}:{stage['stage']}"
