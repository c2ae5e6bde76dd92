"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, is_known, same
from ..cloud import Aws
from ..declaration import Calls, Wait
from ..model import first, given
from ..resource import AwsResource
from ..tags import Tagging
from .dynamodb_indexes import indexes, keys_of
from .dynamodb_requests import NO_LIMIT, creation, updates

_STREAM = ("stream_enabled", "stream_view_type")


class Table(AwsResource):
    type_name, label, service = "aws_dynamodb_table", "DynamoDB Table", "dynamodb"
    calls = Calls("create_table", "describe_table", delete="delete_table")
    answer = "Table"
    names = {
        "name": "TableName",
        "arn": "TableArn",
        "stream_arn": "LatestStreamArn",
        "stream_label": "LatestStreamLabel",
        "attribute": "AttributeDefinitions",
        "attribute.name": "AttributeName",
        "billing_mode": "BillingModeSummary.BillingMode",
        "read_capacity": "ProvisionedThroughput.ReadCapacityUnits",
        "write_capacity": "ProvisionedThroughput.WriteCapacityUnits",
        "table_class": "TableClassSummary.TableClass",
        "attribute.type": "AttributeType",
    }
    named_by = "name"
    tagging = Tagging()
    waits = Wait("TableStatus|GlobalSecondaryIndexes[].IndexStatus", ("CREATING", "UPDATING", "DELETING"))
    defaults = {
        "BillingModeSummary": {"BillingMode": "PROVISIONED"},
        "TableClassSummary": {"TableClass": "STANDARD"},
    }
    kept = (
        *("hash_key", "range_key", "global_secondary_index", "local_secondary_index", "server_side_encryption"),
        *("stream_enabled", "stream_view_type", "ttl", "point_in_time_recovery"),
    )
    # The embedded cloud has no replicas, imports, restores or warm throughput.
    refused = (
        *("global_secondary_index.on_demand_throughput", "global_secondary_index.warm_throughput"),
        *("global_table_witness", "import_table", "replica", "restore_date_time", "restore_source_name"),
        *("restore_source_table_arn", "restore_to_latest_time", "warm_throughput"),
    )
    suppress = {"table_class": lambda old, new: old == "" and new == "STANDARD"}

    def validate(self, config: Values) -> Sequence[str]:
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
        super().customise(aws, change)
        # A new stream has a new ARN.
        if change.prior and change.planned["stream_enabled"] and any(map(change.changed, _STREAM)):
            change.planned.update(dict.fromkeys(("stream_arn", "stream_label"), UNKNOWN))

    def make(self, aws: Aws, planned: Values) -> Any:
        without = {**planned, "read_capacity": None, "write_capacity": None}
        return self.call(aws, "create_table", without, **creation(planned))

    def complete(self, aws: Aws, created: Values) -> None:
        self.wait(aws, created)
        # Settings that only an existing table accepts.
        if first(created["ttl"]).get("enabled"):
            self._change_ttl(aws, {"ttl": []}, created)
        if first(created["point_in_time_recovery"]).get("enabled"):
            self._change_recovery(aws, created)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        client, table = self.client(aws), {"TableName": state["name"]}
        ttl = client.describe_time_to_live(**table)["TimeToLiveDescription"]
        backups = client.describe_continuous_backups(**table)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        # A table keeps the view, label and ARN of a disabled stream.
        stream = found.get("StreamSpecification", {})
        limits = {key: limit for key, limit in found.get("OnDemandThroughput", {}).items() if limit != NO_LIMIT}
        return {
            **super().parsed(aws, state, {**found, "OnDemandThroughput": limits or None}),
            **keys_of(found["KeySchema"]),
            "global_secondary_index": indexes(found.get("GlobalSecondaryIndexes", []), local=False),
            "local_secondary_index": indexes(found.get("LocalSecondaryIndexes", []), local=True),
            "point_in_time_recovery": [
                {
                    "enabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
                    "recovery_period_in_days": recovery.get("RecoveryPeriodInDays"),
                }
            ],
            "server_side_encryption": _encrypted(found.get("SSEDescription"), state),
            "stream_enabled": stream.get("StreamEnabled"),
            "stream_view_type": stream.get("StreamViewType"),
            "ttl": [{"attribute_name": ttl.get("AttributeName"), "enabled": ttl.get("TimeToLiveStatus") == "ENABLED"}],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        # AWS accepts one kind of change in a call; wait for the table after each.
        definitions = self.structure(aws, "CreateTableInput", planned)["AttributeDefinitions"]
        for request in updates(prior, planned, definitions):
            self.client(aws).update_table(TableName=planned["name"], **request)
            self.wait(aws, planned)
        if not same(prior["ttl"], planned["ttl"]):
            self._change_ttl(aws, prior, planned)
        if not same(prior["point_in_time_recovery"], planned["point_in_time_recovery"]):
            self._change_recovery(aws, planned)

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


def _encrypted(description: dict[str, Any] | None, state: Values) -> list[Values]:
    if description and description["Status"] not in ("DISABLED", "DISABLING"):
        return [{"enabled": True, "kms_key_arn": description.get("KMSMasterKeyArn")}]
    # AWS omits the encryption of a table with AWS's own key, even if it is configured.
    return [{"enabled": False, "kms_key_arn": ""}] if state["server_side_encryption"] else []
