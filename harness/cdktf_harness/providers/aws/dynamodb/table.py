"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, is_known, same
from ...resource import existing
from ..cloud import Aws
from ..model import first, given
from ..resource import AwsResource, error_code
from ..tags import Tagging, from_list
from ..waiting import poll
from .indexes import indexes, keys_of
from .requests import NO_LIMIT, ON_DEMAND, creation, updates

_GONE = "ResourceNotFoundException"
_SECONDS = 30 * 60


class Table(AwsResource):
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html .

    Replicas, imports, restores and warm throughput, which the embedded cloud does not have, are refused.
    """

    type_name = "aws_dynamodb_table"
    label = "DynamoDB Table"
    service = "dynamodb"
    tagging = Tagging(listing="list_tags_of_resource")
    gone = (_GONE,)
    arguments: ClassVar = {
        "name",
        "attribute",
        "billing_mode",
        "deletion_protection_enabled",
        "global_secondary_index.hash_key",
        "global_secondary_index.name",
        "global_secondary_index.non_key_attributes",
        "global_secondary_index.projection_type",
        "global_secondary_index.range_key",
        "global_secondary_index.read_capacity",
        "global_secondary_index.write_capacity",
        "hash_key",
        "local_secondary_index",
        "on_demand_throughput",
        "point_in_time_recovery",
        "range_key",
        "read_capacity",
        "server_side_encryption",
        "stream_enabled",
        "stream_view_type",
        "table_class",
        "ttl",
        "write_capacity",
    }
    suppress: ClassVar = {"table_class": lambda old, new: old == "" and new == "STANDARD"}

    def validate(self, config: Values) -> Sequence[str]:
        """Every attribute is a key of something, every key an attribute."""
        blocks = [config[name] for name in ("attribute", "global_secondary_index", "local_secondary_index")]
        if not all(is_known(block) for block in blocks) or not is_known([config["hash_key"], config["range_key"]]):
            return ()
        attributes = {block["name"] for block in config["attribute"]}
        used = {config["hash_key"], config["range_key"]}
        for index in (*config["global_secondary_index"], *config["local_secondary_index"]):
            used |= {index.get("hash_key"), index["range_key"]}
        used -= {None}
        errors = []
        if attributes - used:
            listed = " ".join(f'"{name}"' for name in sorted(attributes - used))
            errors.append(f"all attributes must be indexed. Unused attributes: [{listed}]")
        if attributes and used - attributes:
            listed = " ".join(f'"{name}"' for name in sorted(used - attributes))
            errors.append(f"all indexes must match a defined attribute. Unmatched indexes: [{listed}]")
        if config["stream_enabled"] is True and config["stream_view_type"] is None:
            errors.append("stream_view_type is required when stream_enabled = true")
        return errors

    def customise(self, aws: Aws, change: Change) -> None:
        """Another stream has another ARN."""
        super().customise(aws, change)
        if change.prior and change.planned["stream_enabled"] and change.changed("stream_enabled"):
            change.planned.update(dict.fromkeys(("stream_arn", "stream_label"), UNKNOWN))
        if change.prior and change.planned["stream_enabled"] and change.changed("stream_view_type"):
            change.planned.update(dict.fromkeys(("stream_arn", "stream_label"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the table, wait for it, then what only a table that is there can be given."""
        self.client(aws).create_table(**creation(planned))
        with existing(planned["name"]):
            self._wait(aws, planned["name"])
            if first(planned["ttl"]).get("enabled"):
                self._change_ttl(aws, {"ttl": []}, planned)
            if first(planned["point_in_time_recovery"]).get("enabled"):
                self._change_recovery(aws, planned)
        return {"id": planned["name"]}

    def _wait(self, aws: Aws, name: str) -> dict[str, Any]:
        def active() -> dict[str, Any] | None:
            table: dict[str, Any] = self.client(aws).describe_table(TableName=name)["Table"]
            states = [table["TableStatus"], *(i["IndexStatus"] for i in table.get("GlobalSecondaryIndexes", []))]
            return table if set(states) == {"ACTIVE"} else None

        return poll(active, seconds=_SECONDS, waiting_for=f"the table {name} to become active")

    def read(self, aws: Aws, state: Values) -> Values:
        """Describe the table."""
        client, name = self.client(aws), state["id"]
        table = client.describe_table(TableName=name)["Table"]
        ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        stream = table.get("StreamSpecification", {})
        limits = table.get("OnDemandThroughput", {})
        on_demand = {key: limit for key, limit in limits.items() if limit != NO_LIMIT}
        return {
            "arn": table["TableArn"],
            "name": table["TableName"],
            "attribute": [
                {"name": a["AttributeName"], "type": a["AttributeType"]} for a in table["AttributeDefinitions"]
            ],
            "billing_mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "deletion_protection_enabled": table.get("DeletionProtectionEnabled"),
            **keys_of(table["KeySchema"]),
            "read_capacity": table.get("ProvisionedThroughput", {}).get("ReadCapacityUnits"),
            "write_capacity": table.get("ProvisionedThroughput", {}).get("WriteCapacityUnits"),
            "on_demand_throughput": [{name: on_demand.get(key, 0) for name, key in ON_DEMAND.items()}]
            if on_demand
            else [],
            "global_secondary_index": indexes(table.get("GlobalSecondaryIndexes", []), local=False),
            "local_secondary_index": indexes(table.get("LocalSecondaryIndexes", []), local=True),
            "point_in_time_recovery": [
                {
                    "enabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
                    "recovery_period_in_days": recovery.get("RecoveryPeriodInDays"),
                }
            ],
            "server_side_encryption": _encrypted(table.get("SSEDescription"), state),
            "stream_enabled": stream.get("StreamEnabled"),
            # A table keeps the view, label and ARN of a stream that it had.
            "stream_view_type": stream.get("StreamViewType"),
            "stream_arn": table.get("LatestStreamArn"),
            "stream_label": table.get("LatestStreamLabel"),
            "table_class": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "ttl": [{"attribute_name": ttl.get("AttributeName"), "enabled": ttl.get("TimeToLiveStatus") == "ENABLED"}],
            "tags": from_list(client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """One call for each thing that changes, as AWS wants it; the table is waited for between them."""
        for request in updates(prior, planned):
            self._update_table(aws, planned["name"], **request)
        if not same(prior["ttl"], planned["ttl"]):
            self._change_ttl(aws, prior, planned)
        if not same(prior["point_in_time_recovery"], planned["point_in_time_recovery"]):
            self._change_recovery(aws, planned)

    def _update_table(self, aws: Aws, name: str, **request: Any) -> None:
        self.client(aws).update_table(TableName=name, **request)
        self._wait(aws, name)

    def _change_ttl(self, aws: Aws, prior: Values, planned: Values) -> None:
        ttl = first(planned["ttl"])
        attribute = ttl.get("attribute_name") or first(prior["ttl"]).get("attribute_name")
        if attribute:
            self.client(aws).update_time_to_live(
                TableName=planned["name"],
                TimeToLiveSpecification={"AttributeName": attribute, "Enabled": bool(ttl.get("enabled"))},
            )

    def _change_recovery(self, aws: Aws, planned: Values) -> None:
        block = first(planned["point_in_time_recovery"])
        specification = {
            "PointInTimeRecoveryEnabled": bool(block.get("enabled")),
            **given(RecoveryPeriodInDays=block.get("recovery_period_in_days")),
        }
        self.client(aws).update_continuous_backups(
            TableName=planned["name"], PointInTimeRecoverySpecification=specification
        )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the table and wait until it is gone."""
        self.client(aws).delete_table(TableName=state["id"])
        poll(lambda: self._is_gone(aws, state["id"]), seconds=_SECONDS, waiting_for="the table to be deleted")

    def _is_gone(self, aws: Aws, name: str) -> bool | None:
        try:
            self.client(aws).describe_table(TableName=name)
        except Exception as error:
            if error_code(error) == _GONE:
                return True
            raise
        return None


def _encrypted(description: dict[str, Any] | None, state: Values) -> list[Values]:
    if description and description["Status"] not in ("DISABLED", "DISABLING"):
        return [{"enabled": True, "kms_key_arn": description.get("KMSMasterKeyArn")}]
    # AWS says nothing of a table with its own key, however often the configuration says so.
    return [{"enabled": False, "kms_key_arn": ""}] if state["server_side_encryption"] else []


TYPES = (Table,)
