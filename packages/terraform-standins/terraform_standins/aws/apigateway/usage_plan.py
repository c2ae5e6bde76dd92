"""API Gateway: usage plans and their keys."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.base import existing
from ...protocol.values import Values
from ..cloud import Aws
from ..resource import Calls
from ..tags import Tagging
from .arns import arn
from .covered_stages import covered, expand, replace
from .patch import PatchedResource


class UsagePlan(PatchedResource):
    """A usage plan: which stages the holders of its keys may call, and how often.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlan.html
    """

    type_name = "aws_api_gateway_usage_plan"
    label = "API Gateway Usage Plan"
    calls = Calls("create_usage_plan", "get_usage_plan", "update_usage_plan", "delete_usage_plan")
    names: ClassVar = {"id": "usagePlanId", "throttle_settings": "throttle", "quota_settings": "quota"}
    tagging = Tagging()
    nullable = ("product_code",)
    patched = ("api_stages",)

    def create(self, aws: Aws, planned: Values) -> Values:
        id_ = self.call(aws, "create_usage_plan", planned, apiStages=expand(planned["api_stages"]))["id"]
        with existing(id_):
            if planned["product_code"]:
                # Only a patch can set it.
                operation = {"op": "add", "path": "/productCode", "value": planned["product_code"]}
                self.client(aws).update_usage_plan(usagePlanId=id_, patchOperations=[operation])
        return {"id": id_}

    def read(self, aws: Aws, state: Values) -> Values:
        plan = self.call(aws, "get_usage_plan", state)
        return {
            **self.values(aws, "UsagePlan", plan),
            "arn": arn(aws, f"usageplans/{state['id']}"),
            "api_stages": covered(plan.get("apiStages", [])),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        self._cover(aws, prior, planned["api_stages"])

    def _cover(self, aws: Aws, prior: Values, stages: list[Values]) -> None:
        if operations := replace(prior["api_stages"], stages):
            self.client(aws).update_usage_plan(usagePlanId=prior["id"], patchOperations=operations)

    def remove(self, aws: Aws, state: Values) -> None:
        # AWS deletes only a plan without stages.
        self._cover(aws, state, [])
        super().remove(aws, state)


class UsagePlanKey(PatchedResource):
    """The membership of an API key in a usage plan.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html
    """

    type_name = "aws_api_gateway_usage_plan_key"
    label = "API Gateway Usage Plan Key"
    calls = Calls(create="create_usage_plan_key", read="get_usage_plan_key", delete="delete_usage_plan_key")
    names: ClassVar = {"id": "keyId"}
    import_form = ("USAGE-PLAN-ID/USAGE-PLAN-KEY-ID", "usage_plan_id", "id")

    def read(self, aws: Aws, state: Values) -> Values:
        key = self.call(aws, "get_usage_plan_key", state)
        return {**self.values(aws, "UsagePlanKey", key), "key_id": key["id"], "key_type": key.get("type")}


TYPES = (UsagePlan, UsagePlanKey)
