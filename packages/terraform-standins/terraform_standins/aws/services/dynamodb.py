"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ..resource import (
    UNKNOWN,
    Answer,
    Aws,
    AwsResource,
    Calls,
    Change,
    Tagging,
    Values,
    Wait,
    first,
    given,
    is_known,
    same,
)
from .dynamodb_requests import NO_LIMIT, Request, complete, updates

_STREAM = ("stream_enabled", "stream_view_type")
_KEYS = {f"{kind.lower()}_key": f"KeySchema[KeyType={kind}].AttributeName" for kind in ("HASH", "RANGE")}
_CAPACITY = {f"{of}_capacity": f"ProvisionedThroughput.{of.title()}CapacityUnits" for of in ("read", "write")}
_INDEX = {
    "name": "IndexName",
    "projection_type": "Projection.ProjectionType",
    "non_key_attributes": "Projection.NonKeyAttributes",
    **_KEYS,
    **_CAPACITY,
}
_SETTINGS = {"ttl": "update_time_to_live", "point_in_time_recovery": "update_continuous_backups"}
"""Blocks -> the method that sets them; only an existing table accepts them."""


class Table(AwsResource):
    type_name, label, service = "aws_dynamodb_table", "DynamoDB Table", "dynamodb"
    calls = Calls.of("table", read="describe", update="")
    answer = "Table"
    names = {
        "name": "TableName",
        "arn": "TableArn",
        "stream_arn": "LatestStreamArn",
        "stream_label": "LatestStreamLabel",
        "attribute": "AttributeDefinitions",
        "attribute.name": "AttributeName",
        "attribute.type": "AttributeType",
        "billing_mode": "BillingModeSummary.BillingMode",
        "global_secondary_index": "GlobalSecondaryIndexes",
        "local_secondary_index": "LocalSecondaryIndexes",
        **{f"{of}_secondary_index.{name}": path for of in ("global", "local") for name, path in _INDEX.items()},
        "point_in_time_recovery": "ContinuousBackupsDescription.PointInTimeRecoveryDescription|"
        "PointInTimeRecoverySpecification",
        "point_in_time_recovery.enabled": "PointInTimeRecoveryStatus|PointInTimeRecoveryEnabled",
        "server_side_encryption": "SSESpecification",
        "server_side_encryption.kms_key_arn": "KMSMasterKeyId",
        "stream_enabled": "StreamSpecification.StreamEnabled",
        "stream_view_type": "StreamSpecification.StreamViewType",
        "table_class": "TableClassSummary.TableClass",
        "ttl": "TimeToLiveDescription|TimeToLiveSpecification",
        "ttl.enabled": "TimeToLiveStatus|Enabled",
        **_KEYS,
        **_CAPACITY,
    }
    also = ("describe_time_to_live", "describe_continuous_backups")
    named_by = "name"
    tagging = Tagging()
    waits = Wait("TableStatus|GlobalSecondaryIndexes[].IndexStatus", ("CREATING", "UPDATING", "DELETING"))
    defaults = {
        "BillingModeSummary": {"BillingMode": "PROVISIONED"},
        "TableClassSummary": {"TableClass": "STANDARD"},
    }
    kept = (*_SETTINGS, "replica")
    # The embedded cloud has no imports, restores or warm throughput.
    refused = (
        *("global_secondary_index.on_demand_throughput", "global_secondary_index.warm_throughput"),
        *("global_table_witness", "import_table", "replica.consistency_mode", "replica.deletion_protection_enabled"),
        *("replica.propagate_tags", "restore_date_time"),
        *("restore_source_name", "restore_source_table_arn", "restore_to_latest_time", "warm_throughput"),
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

    def _request(self, aws: Aws, method: str, values: Values, keep: Collection[str] = ()) -> Request:
        request = super()._request(aws, method, values, keep)
        return complete(request) if method == self.calls.create else request

    def complete(self, aws: Aws, created: Values) -> None:
        self.wait(aws, created)
        self._set(aws, dict.fromkeys(_SETTINGS), created)
        self._replicate(aws, [], created)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        # A table keeps the view, label and ARN of a disabled stream.
        limits = {key: limit for key, limit in found.get("OnDemandThroughput", {}).items() if limit != NO_LIMIT}
        values = super().parsed(aws, state, {**found, "OnDemandThroughput": limits or None})
        encrypted = _encrypted(found.get("SSEDescription"), state)
        return {**values, "server_side_encryption": encrypted, "replica": _replicas(aws, state, found)}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        # AWS accepts one kind of change in a call; wait for the table after each.
        for request in updates(*(self._request(aws, self.calls.create, values) for values in (prior, planned))):
            self.client(aws).update_table(TableName=planned["name"], **request)
            self.wait(aws, planned)
        self._set(aws, prior, planned)
        self._replicate(aws, prior["replica"], planned)

    def _replicate(self, aws: Aws, prior: Sequence[Values], planned: Values) -> None:
        """Create and delete replicas, one in a call."""
        old, new = ({one["region_name"]: one for one in replicas or ()} for replicas in (prior, planned["replica"]))
        for region in old.keys() ^ new.keys():
            key = given(KMSMasterKeyId=new.get(region, {}).get("kms_key_arn"))
            change = {"Create": {"RegionName": region, **key}} if region in new else {"Delete": {"RegionName": region}}
            self.client(aws).update_table(TableName=planned["name"], ReplicaUpdates=[change])
            self.wait(aws, planned)
        name = "point_in_time_recovery"
        for region, replica in new.items():
            if replica[name] != old.get(region, {name: False})[name]:
                there = Aws(aws.settings, region)
                self.call(there, _SETTINGS[name], {"name": planned["name"], name: [{"enabled": replica[name]}]})

    def _set(self, aws: Aws, prior: Values, planned: Values) -> None:
        for name, method in _SETTINGS.items():
            old, new = first(prior[name]), first(planned[name])
            if not same(prior[name], planned[name]) and (old.get("enabled") or new.get("enabled")):
                # The attribute of a removed `ttl` is still required.
                block = {"attribute_name": old.get("attribute_name"), "enabled": False}
                block |= {key: value for key, value in new.items() if value}
                self.call(aws, method, {"name": planned["name"], name: [block]})


def _replicas(aws: Aws, state: Values, found: Answer) -> list[Values]:
    """The table's copies in other regions: AWS answers their names, the rest is the state's."""
    known = {one["region_name"]: one for one in state["replica"] or ()}
    regions = (one["RegionName"] for one in found.get("Replicas") or ())
    here, stream, label = f":{aws.region}:", found.get("LatestStreamArn"), found.get("LatestStreamLabel")
    return [
        {
            **dict.fromkeys(("point_in_time_recovery", "propagate_tags", "deletion_protection_enabled"), False),
            **{key: value for key, value in known.get(region, {}).items() if is_known(value) and value is not None},
            "region_name": region,
            "arn": found["TableArn"].replace(here, f":{region}:"),
            "stream_arn": stream and stream.replace(here, f":{region}:"),
            "stream_label": label,
        }
        for region in regions
        if region != aws.region
    ]


def _encrypted(description: dict[str, Any] | None, state: Values) -> list[Values]:
    if description and description["Status"] not in ("DISABLED", "DISABLING"):
        return [{"enabled": True, "kms_key_arn": description.get("KMSMasterKeyArn")}]
    # AWS omits the encryption of a table with AWS's own key, even if it is configured.
    return [{"enabled": False, "kms_key_arn": ""}] if state["server_side_encryption"] else []
