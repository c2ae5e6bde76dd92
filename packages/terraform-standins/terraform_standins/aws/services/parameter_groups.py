"""Groups of parameters of RDS and ElastiCache."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from ..resource import Answer, Aws, AwsResource, Calls, Values
from .rds import RDS_TAGGING

_AT_ONCE = 20
"""How many parameters AWS changes in a call."""


class ParameterGroup(AwsResource):
    """A group of parameters: a call changes some, another resets some, and a read answers those that were changed."""

    derived, lenient, named_by, tagging = True, True, "name", RDS_TAGGING
    found_by, kept = ("name",), ("parameter",)
    listing: ClassVar[str]
    resetting: ClassVar[str]

    def changeable(self) -> Collection[str]:
        return {"parameter"}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        paginator = self.client(aws).get_paginator(self.listing)
        pages = paginator.paginate(**self._request(aws, self.listing, {"name": state["name"]}), Source="user")
        known = {one["name"]: one for one in state.get("parameter") or ()}
        parameters = [
            {
                "name": one["ParameterName"],
                "value": one.get("ParameterValue"),
                "apply_method": known.get(one["ParameterName"], {}).get("apply_method") or one.get("ApplyMethod"),
            }
            for page in pages
            for one in page["Parameters"]
            if one.get("Source") == "user"
        ]
        return {**super().parsed(aws, state, found), "parameter": parameters}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        (change,) = self.calls.updates
        old, new = ({one["name"]: one for one in values["parameter"] or ()} for values in (prior, planned))
        removed = [old[name] for name in old.keys() - new.keys()]
        for method, parameters in ((self.resetting, removed), (change, [p for n, p in new.items() if old.get(n) != p])):
            shape = self.operation(method).input_shape
            member = next(name for name in shape.members if name.startswith("Parameter") and "Group" not in name)
            taken = shape.members[member].member.members
            for start in range(0, len(parameters), _AT_ONCE):
                sent = [
                    {key: one[name] for key, name in _MEMBERS.items() if key in taken and one.get(name)}
                    for one in parameters[start : start + _AT_ONCE]
                ]
                self.call(aws, method, {"name": planned["name"]}, keep=(), **{member: sent})


_MEMBERS = {"ParameterName": "name", "ParameterValue": "value", "ApplyMethod": "apply_method"}


class DbParameterGroup(ParameterGroup):
    type_name, label, service = "aws_db_parameter_group", "RDS DB Parameter Group", "rds"
    calls, answer, noun = (
        Calls.of("db_parameter_group", read="describe*", update="modify"),
        "DBParameterGroups[]",
        "DBParameterGroup",
    )
    listing, resetting = "describe_db_parameters", "reset_db_parameter_group"


class ClusterParameterGroup(ParameterGroup):
    type_name, label, service = "aws_rds_cluster_parameter_group", "RDS Cluster Parameter Group", "rds"
    calls, answer = (
        Calls.of("db_cluster_parameter_group", read="describe*", update="modify"),
        "DBClusterParameterGroups[]",
    )
    names = {
        "name": "DBClusterParameterGroupName",
        "arn": "DBClusterParameterGroupArn",
        "family": "DBParameterGroupFamily",
    }
    listing, resetting = "describe_db_cluster_parameters", "reset_db_cluster_parameter_group"


class CacheParameterGroup(ParameterGroup):
    type_name, label, service = "aws_elasticache_parameter_group", "ElastiCache Parameter Group", "elasticache"
    calls, answer, noun = (
        Calls.of("cache_parameter_group", read="describe*", update="modify"),
        "CacheParameterGroups[]",
        "CacheParameterGroup",
    )
    listing, resetting = "describe_cache_parameters", "reset_cache_parameter_group"
