"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from ...protocol.base import existing
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, is_known, same
from ..cloud import Aws
from ..messages import or_none
from ..model import first, given
from ..resource import AwsResource, Calls
from ..tags import Tagging
from ..waiting import wait_for
from .indexes import indexes, keys_of
from .requests import NO_LIMIT, creation, updates

_GONE = "ResourceNotFoundException"
_SECONDS = 30 * 60
_STREAM = ("stream_enabled", "stream_view_type")


class Table(AwsResource):
    """A table with its indexes, stream and backups.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    """

    type_name = "aws_dynamodb_table"
    label = "DynamoDB Table"
    service = "dynamodb"
    calls = Calls(create="create_table", delete="delete_table")
    names: ClassVar = {
        "name": "TableName",
        "arn": "TableArn",
        "stream_arn": "LatestStreamArn",
        "stream_label": "LatestStreamLabel",
        "attribute": "AttributeDefinitions",
        "attribute.name": "AttributeName",
        "attribute.type": "AttributeType",
    }
    named_by = "name"
    tagging = Tagging(listing="list_tags_of_resource")
    gone = (_GONE,)
    # The embedded cloud has no replicas, imports, restores or warm throughput.
    refused = (
        *("global_secondary_index.on_demand_throughput", "global_secondary_index.warm_throughput"),
        *("global_table_witness", "import_table", "replica", "restore_date_time", "restore_source_name"),
        *("restore_source_table_arn", "restore_to_latest_time", "warm_throughput"),
    )
    suppress: ClassVar = {"table_class": lambda old, new: old == "" and new == "STANDARD"}

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

    def create(self, aws: Aws, planned: Values) -> Values:
        self.call(aws, "create_table", planned, **creation(planned))
        with existing(planned["name"]):
            self._wait(aws, planned["name"])
            # Settings that only an existing table accepts.
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

        return wait_for(active, seconds=_SECONDS, waiting_for=f"the table {name} to become active")

    def read(self, aws: Aws, state: Values) -> Values:
        client, table = self.client(aws), {"TableName": state["name"]}
        answer = client.describe_table(**table)["Table"]
        ttl = client.describe_time_to_live(**table)["TimeToLiveDescription"]
        backups = client.describe_continuous_backups(**table)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        # A table keeps the view, label and ARN of a disabled stream.
        stream, capacity = answer.get("StreamSpecification", {}), answer.get("ProvisionedThroughput", {})
        limits = {key: limit for key, limit in answer.get("OnDemandThroughput", {}).items() if limit != NO_LIMIT}
        values = self.values(aws, "TableDescription", {**answer, "OnDemandThroughput": limits or None})
        return {
            **{name: value for name, value in values.items() if name not in self.refused},
            **keys_of(answer["KeySchema"]),
            "billing_mode": answer.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "read_capacity": capacity.get("ReadCapacityUnits"),
            "write_capacity": capacity.get("WriteCapacityUnits"),
            "global_secondary_index": indexes(answer.get("GlobalSecondaryIndexes", []), local=False),
            "local_secondary_index": indexes(answer.get("LocalSecondaryIndexes", []), local=True),
            "point_in_time_recovery": [
                {
                    "enabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
                    "recovery_period_in_days": recovery.get("RecoveryPeriodInDays"),
                }
            ],
            "server_side_encryption": _encrypted(answer.get("SSEDescription"), state),
            "stream_enabled": stream.get("StreamEnabled"),
            "stream_view_type": stream.get("StreamViewType"),
            "table_class": answer.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "ttl": [{"attribute_name": ttl.get("AttributeName"), "enabled": ttl.get("TimeToLiveStatus") == "ENABLED"}],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        # AWS accepts one kind of change in a call; wait for the table after each.
        definitions = self.structure(aws, "CreateTableInput", planned)["AttributeDefinitions"]
        for request in updates(prior, planned, definitions):
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
        super().remove(aws, state)
        describe = partial(self.client(aws).describe_table, TableName=state["name"])
        wait_for(
            lambda: or_none(describe, _GONE) is None or None,
            seconds=_SECONDS,
            waiting_for="the table to be deleted",
        )


def _encrypted(description: dict[str, Any] | None, state: Values) -> list[Values]:
    if description and description["Status"] not in ("DISABLED", "DISABLING"):
        return [{"enabled": True, "kms_key_arn": description.get("KMSMasterKeyArn")}]
    # AWS omits the encryption of a table with AWS's own key, even if it is configured.
    return [{"enabled": False, "kms_key_arn": ""}] if state["server_side_encryption"] else []


TYPES = (Table,)
