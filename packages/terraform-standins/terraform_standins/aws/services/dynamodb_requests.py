"""DynamoDB: the requests that create and update a table."""

from __future__ import annotations

from typing import Any

Request = dict[str, Any]
NO_LIMIT = -1
"""The value that removes an on-demand limit."""
_UNLIMITED = dict.fromkeys(("MaxReadRequestUnits", "MaxWriteRequestUnits"), NO_LIMIT)
_NO_CAPACITY = dict.fromkeys(("ReadCapacityUnits", "WriteCapacityUnits"), 0)


def complete(request: Request) -> Request:
    """A request of CreateTable as AWS accepts it: keys in all indexes, capacities only where they are provisioned."""
    for index in request.get("LocalSecondaryIndexes", ()):
        index["KeySchema"].insert(0, request["KeySchema"][0])
    for one in (request, *request.get("GlobalSecondaryIndexes", ())):
        capacity = {**_NO_CAPACITY, **one.pop("ProvisionedThroughput", {})}
        if request["BillingMode"] == "PROVISIONED":
            one["ProvisionedThroughput"] = capacity
    for name in ("StreamSpecification", "SSESpecification"):
        settings = request.get(name, {})
        if not (settings.get("StreamEnabled") or settings.get("Enabled")):
            request.pop(name, None)
        elif "KMSMasterKeyId" in settings:
            settings["SSEType"] = "KMS"
    return request


def updates(prior: Request, planned: Request) -> list[Request]:
    """The requests of UpdateTable from one request of CreateTable to another; AWS accepts one change in each."""

    def changed(name: str, without: Any) -> Request:
        return {name: planned.get(name, without)} if prior.get(name) != planned.get(name) else {}

    billing = {**changed("BillingMode", None), **changed("OnDemandThroughput", {})}
    switched = "BillingMode" in billing
    if "ProvisionedThroughput" in planned:
        billing |= changed("ProvisionedThroughput", None)
    if "OnDemandThroughput" in billing:
        billing["OnDemandThroughput"] = {**_UNLIMITED, **billing["OnDemandThroughput"]}
    indexes = _index_updates(prior, planned)
    if switched and "ProvisionedThroughput" in planned:
        # The call must contain the throughput of the indexes, too.
        if capacities := [one for one in indexes if "Update" in one]:
            billing["GlobalSecondaryIndexUpdates"] = capacities
        indexes = [one for one in indexes if "Update" not in one]
    requests = [billing] if billing else []
    definitions = planned["AttributeDefinitions"]
    requests += [{"AttributeDefinitions": definitions, "GlobalSecondaryIndexUpdates": [one]} for one in indexes]
    if stream := changed("StreamSpecification", {"StreamEnabled": False}):
        if {"StreamSpecification"} <= prior.keys() & planned.keys():
            requests.append({"StreamSpecification": {"StreamEnabled": False}})
        requests.append(stream)
    others = {"SSESpecification": {"Enabled": False}, "TableClass": "STANDARD", "DeletionProtectionEnabled": False}
    return [*requests, *filter(None, (changed(name, without) for name, without in others.items()))]


def _index_updates(prior: Request, planned: Request) -> list[Request]:
    """The updates of global indexes: only capacity changes in place."""
    old, new = ({i["IndexName"]: i for i in one.get("GlobalSecondaryIndexes", ())} for one in (prior, planned))
    kept = {name for name in old.keys() & new.keys() if _fixed(old[name]) == _fixed(new[name])}
    changes: list[Request] = [{"Delete": {"IndexName": name}} for name in old if name not in kept]
    for name, index in new.items():
        capacity = index.get("ProvisionedThroughput")
        if name not in kept:
            changes.append({"Create": index})
        elif capacity and capacity != old[name].get("ProvisionedThroughput"):
            changes.append({"Update": {"IndexName": name, "ProvisionedThroughput": capacity}})
    return changes


def _fixed(index: Request) -> Any:
    projection = index["Projection"]
    return index["KeySchema"], projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", ()))
