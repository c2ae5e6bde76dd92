"""KMS: keys."""

from __future__ import annotations

from ..resource import POLICY, Answer, Aws, AwsResource, Calls, Tagging, Values, Wait, same


class Key(AwsResource):
    """A key that a customer manages. A destroy schedules its deletion."""

    type_name, label, service = "aws_kms_key", "KMS Key", "kms"
    calls = Calls("create_key", "describe_key", ("update_key_description", "put_key_policy"), "schedule_key_deletion")
    answer = "KeyMetadata"
    names = {
        "id": "KeyId",
        "customer_master_key_spec": "KeySpec",
        "is_enabled": "Enabled",
        "deletion_window_in_days": "PendingWindowInDays",
    }
    defaults = {"KeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": False}
    computed = {"custom_key_store_id": "", "xks_key_id": ""}
    switches = {
        "enable_key_rotation": ("enable_key_rotation", "disable_key_rotation"),
        "is_enabled": ("enable_key", "disable_key"),
    }
    tagging = Tagging("id")
    waits = Wait("KeyState", (), after_delete=False, gone=("PendingDeletion", "PendingReplicaDeletion"))
    documents = {"policy": POLICY}
    refused = ("custom_key_store_id", "xks_key_id")

    def complete(self, aws: Aws, created: Values) -> None:
        super().complete(aws, created)
        if not created["is_enabled"]:
            self.call(aws, "disable_key", created)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        client, id_ = self.client(aws), state["id"]
        values = super().parsed(aws, state, found)
        symmetric = values["customer_master_key_spec"] == "SYMMETRIC_DEFAULT"
        rotation = client.get_key_rotation_status(KeyId=id_) if symmetric else {}
        return {
            **values,
            "policy": client.get_key_policy(KeyId=id_, PolicyName="default")["Policy"],
            "enable_key_rotation": rotation.get("KeyRotationEnabled", False),
            "rotation_period_in_days": rotation.get("RotationPeriodInDays"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        if planned["is_enabled"] and not prior["is_enabled"]:
            self.call(aws, "enable_key", planned)
            prior = {**prior, "is_enabled": True}
        super().update(aws, prior, planned)
        rotates = prior["enable_key_rotation"] and planned["enable_key_rotation"]
        if rotates and not same(prior["rotation_period_in_days"], planned["rotation_period_in_days"]):
            self.call(aws, "enable_key_rotation", planned)


class Alias(AwsResource):
    type_name, label, service = "aws_kms_alias", "KMS Alias", "kms"
    calls = Calls("create_alias", "list_aliases", "update_alias", "delete_alias")
    answer, derived, found_by = "Aliases[]", True, ()
    names = {"name": "AliasName", "arn": "AliasArn"}
    named_by = "name"

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, state, found)
        key = f"{values['arn'].rpartition(':')[0]}:key/{values['target_key_id']}"
        written = state.get("target_key_id") == key
        return {**values, "target_key_arn": key, "target_key_id": key if written else values["target_key_id"]}
