"""DynamoDB: the keys of a table, and its secondary indexes."""

from __future__ import annotations

from typing import Any

from ...protocol.values import Values, same
from ..model import given


def key_schema(values: Values) -> list[dict[str, str]]:
    """`hash_key` and `range_key` in AWS's form."""
    keys = (("HASH", values["hash_key"]), ("RANGE", values["range_key"]))
    return [{"AttributeName": name, "KeyType": kind} for kind, name in keys if name]


def keys_of(schema: list[dict[str, str]]) -> Values:
    """The inverse of `key_schema`."""
    names = {key["KeyType"]: key["AttributeName"] for key in schema}
    return {"hash_key": names.get("HASH"), "range_key": names.get("RANGE")}


def throughput(values: Values) -> dict[str, int]:
    """The provisioned capacity of a table or of an index."""
    return {"ReadCapacityUnits": values["read_capacity"] or 0, "WriteCapacityUnits": values["write_capacity"] or 0}


def global_index(index: Values, provisioned: bool) -> dict[str, Any]:
    """A block `global_secondary_index` in AWS's form."""
    return {
        "IndexName": index["name"],
        "KeySchema": key_schema(index),
        "Projection": _projection(index),
        **({"ProvisionedThroughput": throughput(index)} if provisioned else {}),
    }


def local_index(index: Values, hash_key: str) -> dict[str, Any]:
    """A block `local_secondary_index` in AWS's form."""
    return {
        "IndexName": index["name"],
        "KeySchema": key_schema({**index, "hash_key": hash_key}),
        "Projection": _projection(index),
    }


def _projection(index: Values) -> dict[str, Any]:
    return {"ProjectionType": index["projection_type"], **given(NonKeyAttributes=index["non_key_attributes"])}


def indexes(descriptions: list[dict[str, Any]], *, local: bool) -> list[Values]:
    """AWS's descriptions of indexes as blocks; a local one has its table's hash key and capacity."""
    found = []
    for description in descriptions:
        keys, capacity = keys_of(description["KeySchema"]), description.get("ProvisionedThroughput", {})
        shared = {
            "name": description["IndexName"],
            "range_key": keys["range_key"],
            "projection_type": description["Projection"]["ProjectionType"],
            "non_key_attributes": description["Projection"].get("NonKeyAttributes"),
        }
        own = {
            "hash_key": keys["hash_key"],
            "read_capacity": capacity.get("ReadCapacityUnits"),
            "write_capacity": capacity.get("WriteCapacityUnits"),
        }
        found.append(shared if local else {**shared, **own})
    return found


def change_indexes(prior: Values, planned: Values, provisioned: bool, *, switched: bool) -> list[dict[str, Any]]:
    """The updates of global indexes: only capacity changes in place; a call has one creation or deletion.

    `switched`: the table changes from on-demand to provisioned, so all indexes need a capacity.
    """
    old = {index["name"]: index for index in prior["global_secondary_index"]}
    new = {index["name"]: index for index in planned["global_secondary_index"]}
    changes: list[dict[str, Any]] = []
    for name, index in old.items():
        if name not in new or not _alike(index, new[name]):
            changes.append({"Delete": {"IndexName": name}})
    for name, index in new.items():
        if name not in old or not _alike(old[name], index):
            changes.append({"Create": global_index(index, provisioned)})
        elif provisioned and (switched or throughput(old[name]) != throughput(index)):
            changes.append({"Update": {"IndexName": name, "ProvisionedThroughput": throughput(index)}})
    return changes


def _alike(old: Values, new: Values) -> bool:
    return all(same(old[key], new[key]) for key in ("hash_key", "range_key", "projection_type")) and (
        sorted(old["non_key_attributes"] or ()) == sorted(new["non_key_attributes"] or ())
    )
