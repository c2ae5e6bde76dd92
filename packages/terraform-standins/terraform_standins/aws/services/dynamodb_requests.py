"""DynamoDB: the requests that create and update a table."""

from __future__ import annotations

from typing import Any

from ...protocol.values import Values, same
from ..model import first, given
from .dynamodb_indexes import change_indexes, global_index, key_schema, local_index, throughput

ON_DEMAND = {"max_read_request_units": "MaxReadRequestUnits", "max_write_request_units": "MaxWriteRequestUnits"}
"""Argument -> AWS's name."""
NO_LIMIT = -1
"""The value that removes an on-demand limit."""


def creation(planned: Values) -> dict[str, Any]:
    """The parameters of CreateTable whose form differs from the arguments."""
    provisioned = planned["billing_mode"] == "PROVISIONED"
    return {
        "KeySchema": key_schema(planned),
        **given(
            GlobalSecondaryIndexes=[global_index(i, provisioned) for i in planned["global_secondary_index"]],
            LocalSecondaryIndexes=[local_index(i, planned["hash_key"]) for i in planned["local_secondary_index"]],
            ProvisionedThroughput=throughput(planned) if provisioned else None,
            SSESpecification=_encryption(planned),
            StreamSpecification=_stream(planned) if planned["stream_enabled"] else None,
        ),
    }


def updates(prior: Values, planned: Values, definitions: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The requests of UpdateTable; AWS accepts one kind of change in each."""

    def differs(*names: str) -> bool:
        return any(not same(prior[name], planned[name]) for name in names)

    provisioned = planned["billing_mode"] == "PROVISIONED"
    billing: dict[str, Any] = {}
    if differs("billing_mode"):
        billing["BillingMode"] = planned["billing_mode"]
    if provisioned and differs("billing_mode", "read_capacity", "write_capacity"):
        billing["ProvisionedThroughput"] = throughput(planned)
    if differs("on_demand_throughput"):
        billing["OnDemandThroughput"] = {**dict.fromkeys(ON_DEMAND.values(), NO_LIMIT), **_on_demand(planned)}
    switched = provisioned and differs("billing_mode")
    index_changes = change_indexes(prior, planned, provisioned, switched=switched)
    if switched:
        # The call must contain the throughput of the indexes, too.
        billing["GlobalSecondaryIndexUpdates"] = [c for c in index_changes if "Update" in c]
        index_changes = [c for c in index_changes if "Update" not in c]
    requests = [given(**billing)] if billing else []
    for change in index_changes:
        requests.append({"AttributeDefinitions": definitions, "GlobalSecondaryIndexUpdates": [change]})
    if differs("stream_enabled", "stream_view_type"):
        if prior["stream_enabled"] and planned["stream_enabled"]:
            requests.append({"StreamSpecification": {"StreamEnabled": False}})
        if prior["stream_enabled"] or planned["stream_enabled"]:
            requests.append({"StreamSpecification": _stream(planned)})
    if differs("server_side_encryption"):
        requests.append({"SSESpecification": _encryption(planned) or {"Enabled": False}})
    if differs("table_class"):
        requests.append({"TableClass": planned["table_class"]})
    if differs("deletion_protection_enabled"):
        requests.append({"DeletionProtectionEnabled": bool(planned["deletion_protection_enabled"])})
    return requests


def _stream(planned: Values) -> dict[str, Any]:
    if not planned["stream_enabled"]:
        return {"StreamEnabled": False}
    return {"StreamEnabled": True, "StreamViewType": planned["stream_view_type"]}


def _on_demand(planned: Values) -> dict[str, int]:
    block = first(planned["on_demand_throughput"])
    return {key: block[name] for name, key in ON_DEMAND.items() if block.get(name)}


def _encryption(planned: Values) -> dict[str, Any]:
    block = first(planned["server_side_encryption"])
    if not block.get("enabled"):
        return {}
    key = {"KMSMasterKeyId": block["kms_key_arn"], "SSEType": "KMS"} if block["kms_key_arn"] else {}
    return {"Enabled": True, **key}
