"""API Gateway: usage plans."""

from __future__ import annotations

from typing import Any

from ...model import text
from ...resource import Answer, Aws, Calls, Tagging, Values
from .objects import ARN
from .patch import Operation, PatchedResource, escape


class UsagePlan(PatchedResource):
    type_name, label = "aws_api_gateway_usage_plan", "API Gateway Usage Plan"
    calls = Calls.of("usage_plan")
    names = {"id": "usagePlanId", "throttle_settings": "throttle", "quota_settings": "quota"}
    computed = {"arn": f"{ARN}usageplans/{{id}}"}
    tagging = Tagging()
    nullable = ("product_code",)
    patched = ("api_stages",)

    def make(self, aws: Aws, planned: Values) -> Any:
        stages = [
            {"apiId": stage["api_id"], "stage": stage["stage"], **({"throttle": limits} if limits else {})}
            for stage in planned["api_stages"]
            for limits in [
                {t["path"]: {"burstLimit": t["burst_limit"], "rateLimit": t["rate_limit"]} for t in stage["throttle"]}
            ]
        ]
        return self.call(aws, "create_usage_plan", planned, apiStages=stages)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        stages = [
            {
                "api_id": stage["apiId"],
                "stage": stage["stage"],
                "throttle": [
                    {"path": path, "burst_limit": limits.get("burstLimit"), "rate_limit": limits.get("rateLimit")}
                    for path, limits in stage.get("throttle", {}).items()
                ],
            }
            for stage in found.get("apiStages", [])
        ]
        return {**super().parsed(aws, state, found), "api_stages": stages}

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        return super().operations(aws, prior, planned) + _replaced(prior["api_stages"], planned["api_stages"])

    def remove(self, aws: Aws, state: Values) -> None:
        # AWS deletes only a plan without stages.
        self.update(aws, state, {**state, "api_stages": []})
        super().remove(aws, state)


def _replaced(old: list[Values], new: list[Values]) -> list[Operation]:
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
