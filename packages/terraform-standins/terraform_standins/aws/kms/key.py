"""KMS: keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ...protocol.base import existing
from ...protocol.values import Values
from ..cloud import Aws
from ..policy import POLICY
from ..resource import AwsResource, Calls
from ..tags import Tagging, Tags

_DELETED = ("PendingDeletion", "PendingReplicaDeletion")


class KeyTagging(Tagging):
    """KMS names the parts of a tag TagKey and TagValue."""

    def read(self, client: Any, state: Mapping[str, Any]) -> Tags:
        """The tags of the key."""
        tags = client.list_resource_tags(KeyId=state["id"])["Tags"]
        return {tag["TagKey"]: tag["TagValue"] for tag in tags}

    def _call(self, client: Any, method: str, state: Mapping[str, Any], tags: Any) -> None:
        if method == self.untag:
            client.untag_resource(KeyId=state["id"], TagKeys=tags)
        else:
            client.tag_resource(KeyId=state["id"], Tags=_tags(tags))


class Key(AwsResource):
    """A key that a customer manages. A destroy schedules its deletion.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    """

    type_name = "aws_kms_key"
    label = "KMS Key"
    service = "kms"
    calls = Calls(create="create_key")
    names: ClassVar = {"xks_key_id": "XksKeyId"}
    gone = ("NotFoundException",)
    tagging = KeyTagging()
    documents: ClassVar = {"policy": POLICY}
    refused = ("custom_key_store_id", "xks_key_id")

    def create(self, aws: Aws, planned: Values) -> Values:
        made = self.call(aws, "create_key", {**planned, "tags_all": None}, Tags=_tags(planned["tags_all"] or {}))
        id_ = made["KeyMetadata"]["KeyId"]
        with existing(id_):
            self._rotate(aws, {**planned, "id": id_})
            if not planned["is_enabled"]:
                self.client(aws).disable_key(KeyId=id_)
        return {"id": id_}

    def _rotate(self, aws: Aws, planned: Values) -> None:
        client, period = self.client(aws), planned["rotation_period_in_days"]
        if planned["enable_key_rotation"]:
            more = {"RotationPeriodInDays": period} if isinstance(period, int | float) and period else {}
            client.enable_key_rotation(KeyId=planned["id"], **more)
        elif planned["customer_master_key_spec"] == "SYMMETRIC_DEFAULT":
            client.disable_key_rotation(KeyId=planned["id"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        client, id_ = self.client(aws), state["id"]
        key = client.describe_key(KeyId=id_)["KeyMetadata"]
        if key["KeyState"] in _DELETED:
            return None
        symmetric = key.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
        rotation = client.get_key_rotation_status(KeyId=id_) if symmetric else {}
        return {
            "arn": key["Arn"],
            "key_id": key["KeyId"],
            "customer_master_key_spec": key.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "description": key["Description"],
            "is_enabled": key["Enabled"],
            "key_usage": key["KeyUsage"],
            "multi_region": key.get("MultiRegion", False),
            "policy": client.get_key_policy(KeyId=id_, PolicyName="default")["Policy"],
            "enable_key_rotation": rotation.get("KeyRotationEnabled", False),
            "custom_key_store_id": "",
            "xks_key_id": "",
            "rotation_period_in_days": rotation.get("RotationPeriodInDays"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        client, id_ = self.client(aws), planned["id"]
        changed = {name for name in planned if planned[name] != prior[name]}
        if "is_enabled" in changed and planned["is_enabled"]:
            client.enable_key(KeyId=id_)
        if changed & {"enable_key_rotation", "rotation_period_in_days"}:
            self._rotate(aws, planned)
        if "description" in changed:
            client.update_key_description(KeyId=id_, Description=planned["description"] or "")
        if "policy" in changed:
            lockout = bool(planned["bypass_policy_lockout_safety_check"])
            client.put_key_policy(KeyId=id_, Policy=planned["policy"], BypassPolicyLockoutSafetyCheck=lockout)
        if "is_enabled" in changed and not planned["is_enabled"]:
            client.disable_key(KeyId=id_)

    def remove(self, aws: Aws, state: Values) -> None:
        window = state["deletion_window_in_days"]
        days = {"PendingWindowInDays": int(window)} if window else {}
        self.client(aws).schedule_key_deletion(KeyId=state["id"], **days)


def _tags(tags: Tags) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


TYPES = (Key,)
