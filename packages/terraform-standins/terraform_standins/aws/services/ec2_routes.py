"""EC2: route tables, their routes and associations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from zlib import crc32

from ..resource import Answer, Aws, Calls, Values, same
from .ec2 import ARN, Ec2

_DESTINATIONS = {
    "cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}
_TARGETS = {
    "gateway_id": "GatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_endpoint_id": "VpcEndpointId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}


class RouteTable(Ec2):
    type_name, label = "aws_route_table", "EC2 Route Table"
    calls = Calls.of("route_table", read="describe*", update="")
    answer = "RouteTables[]"
    names = {"id": "RouteTableId"}
    computed = {"arn": f"{ARN}route-table/{{id}}"}

    def changeable(self) -> Collection[str]:
        return {"route"}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        own = [route for route in found.get("Routes", ()) if route.get("Origin") == "CreateRoute"]
        names = {**_DESTINATIONS, **_TARGETS}
        routes = [{name: route.get(member) for name, member in names.items()} for route in own]
        return {**super().parsed(aws, state, found), "route": routes}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        old, new = (
            {self._destination(route): _members(route, _TARGETS) for route in values["route"] or ()}
            for values in (prior, planned)
        )
        table, client = {"RouteTableId": planned["id"]}, self.client(aws)
        for destination in old.keys() - new.keys():
            client.delete_route(**table, **dict([destination]))
        for destination, target in new.items():
            if old.get(destination) != target:
                call = client.replace_route if destination in old else client.create_route
                call(**table, **dict([destination]), **target)

    def _destination(self, route: Values) -> tuple[str, str]:
        return next(iter(_members(route, _DESTINATIONS).items()))


def _members(route: Values, names: Mapping[str, str]) -> dict[str, str]:
    return {member: route[name] for name, member in names.items() if route.get(name)}


class Route(Ec2):
    type_name, label = "aws_route", "EC2 Route"
    calls = Calls("create_route", "describe_route_tables", "replace_route", "delete_route")
    names = {"egress_only_gateway_id": "EgressOnlyInternetGatewayId"}
    answer = "RouteTables[].Routes[]"
    tagging = None

    def id_of(self, values: Values) -> str:
        return f"r-{values['route_table_id']}{crc32(self._destination(values).encode())}"

    def _destination(self, values: Values) -> str:
        return str(next(filter(None, (values.get(f"destination_{name}") for name in _TO)), ""))

    def found(self, aws: Aws, state: Values) -> Any:
        tables = self.client(aws).describe_route_tables(RouteTableIds=[state["route_table_id"]])["RouteTables"]
        wanted = self._destination(state)
        destinations = (*_DESTINATIONS.values(),)
        routes = (route for table in tables for route in table.get("Routes", ()))
        return next((r for r in routes if wanted in [r.get(name) for name in destinations]), None)

    def from_import_id(self, import_id: str) -> Values:
        table, _, destination = import_id.partition("_")
        name = "destination_ipv6_cidr_block" if ":" in destination else "destination_cidr_block"
        values = {"route_table_id": table, name: destination}
        return {"id": self.id_of(values), **values}


_TO = ("cidr_block", "ipv6_cidr_block", "prefix_list_id")


class RouteTableAssociation(Ec2):
    type_name, label = "aws_route_table_association", "EC2 Route Table Association"
    calls = Calls.of("route_table", create="associate", read="describe*", update="", delete="disassociate")
    names = {"id": "AssociationId|RouteTableAssociationId"}
    answer = "RouteTables[].Associations[]"
    tagging = None

    def changeable(self) -> Collection[str]:
        return {"route_table_id"}

    def update(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        if same(prior["route_table_id"], planned["route_table_id"]):
            return None
        who = {"AssociationId": prior["id"], "RouteTableId": planned["route_table_id"]}
        return {"id": self.client(aws).replace_route_table_association(**who)["NewAssociationId"]}

    def from_import_id(self, import_id: str) -> Values:
        raise NotImplementedError("the bundled provider does not import route table associations")
