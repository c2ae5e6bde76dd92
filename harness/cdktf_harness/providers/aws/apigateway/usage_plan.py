"""API Gateway: API keys, usage plans, and which key belongs to which plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ...protocol.values import Values
from ...resource import existing
from .. import tags
from ..cloud import Aws
from ..model import first, given, timestamp
from ..names import parts
from ..resource import AwsResource
from .covered_stages import api_stages, change_api_stages, expand_api_stages
from .patch import Patch


class ApiKey(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html ."""

    type_name = "aws_api_gateway_api_key"
    label = "API Gateway API Key"
    service = "apigateway"
    tagging = tags.Tagging()
    gone = ("NotFoundException",)
    arguments: ClassVar = {"name", "description", "enabled", "value", "customer_id"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the key. AWS makes its value where none is given."""
        request = given(
            description=planned["description"],
            customerId=planned["customer_id"],
            tags=planned["tags_all"],
        )
        key = self.client(aws).create_api_key(
            name=planned["name"], enabled=planned["enabled"], value=planned["value"] or "", **request
        )
        return {"id": key["id"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the key with its value."""
        key = self.client(aws).get_api_key(apiKey=state["id"], includeValue=True)
        return {
            "arn": _arn(aws, "apikeys", state["id"]),
            "name": key["name"],
            "description": key.get("description"),
            "enabled": key.get("enabled"),
            "value": key.get("value"),
            "customer_id": key.get("customerId"),
            "created_date": timestamp(key.get("createdDate")),
            "last_updated_date": timestamp(key.get("lastUpdatedDate")),
            "tags": key.get("tags"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.replace("/name", "name")
        patch.replace("/description", "description")
        patch.replace("/enabled", "enabled")
        patch.replace("/customerId", "customer_id")
        self.client(aws).update_api_key(apiKey=planned["id"], patchOperations=patch.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the key."""
        self.client(aws).delete_api_key(apiKey=state["id"])


class UsagePlan(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlan.html ."""

    type_name = "aws_api_gateway_usage_plan"
    label = "API Gateway Usage Plan"
    service = "apigateway"
    tagging = tags.Tagging()
    gone = ("NotFoundException",)
    arguments: ClassVar = {
        "name",
        "description",
        "product_code",
        "api_stages",
        "throttle_settings",
        "quota_settings",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the plan; the product code only a patch can set."""
        client, throttle, quota = (
            self.client(aws),
            first(planned["throttle_settings"]),
            first(planned["quota_settings"]),
        )
        request = given(
            description=planned["description"],
            apiStages=expand_api_stages(planned),
            throttle={key: throttle[name] for key, name in _THROTTLE.items()} if throttle else None,
            quota={key: quota[name] for key, name in _QUOTA.items()} if quota else None,
            tags=planned["tags_all"],
        )
        id_ = client.create_usage_plan(name=planned["name"], **request)["id"]
        with existing(id_):
            if planned["product_code"]:
                operation = {"op": "add", "path": "/productCode", "value": planned["product_code"]}
                client.update_usage_plan(usagePlanId=id_, patchOperations=[operation])
        return {"id": id_}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the plan."""
        plan = self.client(aws).get_usage_plan(usagePlanId=state["id"])
        return {
            "arn": _arn(aws, "usageplans", state["id"]),
            "name": plan["name"],
            "description": plan.get("description"),
            "product_code": plan.get("productCode"),
            "api_stages": api_stages(plan),
            "throttle_settings": _block(plan.get("throttle"), _THROTTLE),
            "quota_settings": _block(plan.get("quota"), _QUOTA),
            "tags": plan.get("tags"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.replace("/name", "name")
        patch.replace("/description", "description")
        patch.replace("/productCode", "product_code", null=True)
        operations = patch.operations
        for path, name, keys in (("/throttle", "throttle_settings", _THROTTLE), ("/quota", "quota_settings", _QUOTA)):
            if prior[name] and not planned[name]:
                operations.append({"op": "remove", "path": path})
                continue
            settings = Patch(first(prior[name]), first(planned[name]))
            for key, argument in keys.items():
                settings.replace(f"{path}/{key}", argument)
            operations += settings.operations
        if operations:
            self.client(aws).update_usage_plan(usagePlanId=planned["id"], patchOperations=operations)
        change_api_stages(aws, prior, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Take the stages out, as AWS wants it, and delete the plan."""
        change_api_stages(aws, state, {**state, "api_stages": []})
        self.client(aws).delete_usage_plan(usagePlanId=state["id"])


class UsagePlanKey(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html ."""

    type_name = "aws_api_gateway_usage_plan_key"
    label = "API Gateway Usage Plan Key"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {"usage_plan_id", "key_id", "key_type"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the key into the plan."""
        answer = self.client(aws).create_usage_plan_key(
            usagePlanId=planned["usage_plan_id"], keyId=planned["key_id"], keyType=planned["key_type"]
        )
        return {"id": answer["id"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the key as the plan has it."""
        key = self.client(aws).get_usage_plan_key(usagePlanId=state["usage_plan_id"], keyId=state["id"])
        return {"key_id": key["id"], "key_type": key.get("type"), "name": key.get("name"), "value": key.get("value")}

    def remove(self, aws: Aws, state: Values) -> None:
        """Take the key out of the plan."""
        self.client(aws).delete_usage_plan_key(usagePlanId=state["usage_plan_id"], keyId=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        """`PLAN/KEY`."""
        return parts(import_id, "USAGE-PLAN-ID/USAGE-PLAN-KEY-ID", "usage_plan_id", "id")


_THROTTLE = {"burstLimit": "burst_limit", "rateLimit": "rate_limit"}
_QUOTA = {"limit": "limit", "offset": "offset", "period": "period"}
"""AWS's name -> the argument's."""


def _block(limits: dict[str, Any] | None, names: Mapping[str, str]) -> list[Values]:
    return [] if limits is None else [{name: limits.get(key) for key, name in names.items()}]


def _arn(aws: Aws, kind: str, id_: str) -> str:
    return f"arn:{aws.partition}:apigateway:{aws.region}::/{kind}/{id_}"


TYPES = (ApiKey, UsagePlan, UsagePlanKey)
