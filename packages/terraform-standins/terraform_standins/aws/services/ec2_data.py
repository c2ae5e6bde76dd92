"""EC2: data sources; each finds objects by filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from ..model import member, value_at
from ..resource import Aws, AwsData, Values
from .ec2 import Subnet, Vpc, filters


def _dashed(*names: str) -> dict[str, str]:
    return {name: name.replace("_", "-") for name in names}


class Ec2Data(AwsData):
    """Objects that match the arguments in `by`, the blocks `filter` and the tags."""

    service = "ec2"
    method: ClassVar[str]
    answer: ClassVar[str]
    by: ClassVar[Mapping[str, str]] = {}
    """Argument -> the name of its filter."""

    def found(self, aws: Aws, config: Values, **more: Any) -> list[dict[str, Any]]:
        """The objects that match."""
        wanted = [{"Name": one["name"], "Values": sorted(one["values"])} for one in config.get("filter") or ()]
        wanted += filters(**{f"tag:{key}": value for key, value in (config.get("tags") or {}).items()})
        for name, its_filter in self.by.items():
            if config.get(name) not in (None, "", False):
                wanted += filters(**{its_filter: str(config[name]).lower() if config[name] is True else config[name]})
        client = self.client(aws)
        request = {**({"Filters": wanted} if wanted else {}), **more}
        if client.can_paginate(self.method):
            pages = client.get_paginator(self.method).paginate(**request)
        else:
            pages = [getattr(client, self.method)(**request)]
        return [one for page in pages for one in value_at(page, self.answer)]

    def one(self, objects: list[dict[str, Any]]) -> dict[str, Any]:
        """The only object. Raises ValueError."""
        if not objects:
            raise ValueError(f"no matching {self.label} found")
        if len(objects) > 1:
            told = "use additional constraints to reduce matches to a single"
            raise ValueError(f"multiple {self.label}s matched; {told} {self.label}")
        return objects[0]

    def read(self, aws: Aws, config: Values) -> Values:
        """The arguments of the only object."""
        found = self.one(self.found(aws, config))
        shape = member(self.operation(self.method).output_shape, self.answer)
        return {**self.values(aws, shape, found), **self.more(aws, found)}

    def more(self, aws: Aws, found: dict[str, Any]) -> Values:
        """Values that the object does not have by their names."""
        return {}


class VpcData(Ec2Data):
    type_name, label = "aws_vpc", "EC2 VPC"
    method, answer = "describe_vpcs", "Vpcs[]"
    names = {"default": "IsDefault", "id": "VpcId"}
    by = {"cidr_block": "cidr", "default": "is-default", "id": "vpc-id", **_dashed("state", "dhcp_options_id")}

    def more(self, aws: Aws, found: dict[str, Any]) -> Values:
        values = Vpc().parsed(aws, {}, found)
        return {
            name: values[name] for name in ("arn", "enable_dns_hostnames", "enable_dns_support", "main_route_table_id")
        }


class SubnetsData(Ec2Data):
    type_name, label = "aws_subnets", "EC2 Subnet"
    method, answer = "describe_subnets", "Subnets[]"
    member: ClassVar[str] = "SubnetId"

    def read(self, aws: Aws, config: Values) -> Values:
        return {"id": aws.region, "ids": [one[self.member] for one in self.found(aws, config)]}


class VpcsData(SubnetsData):
    type_name, label = "aws_vpcs", "EC2 VPC"
    method, answer, member = "describe_vpcs", "Vpcs[]", "VpcId"


class SecurityGroupsData(SubnetsData):
    type_name, label = "aws_security_groups", "EC2 Security Group"
    method, answer, member = "describe_security_groups", "SecurityGroups[]", "GroupId"

    def read(self, aws: Aws, config: Values) -> Values:
        arn = f"arn:{aws.partition}:ec2:{aws.region}:{aws.account_id}:security-group/"
        values, found = super().read(aws, config), self.found(aws, config)
        return {**values, "arns": [arn + id_ for id_ in values["ids"]], "vpc_ids": [one["VpcId"] for one in found]}


class RouteTableData(Ec2Data):
    type_name, label = "aws_route_table", "EC2 Route Table"
    method, answer, names = "describe_route_tables", "RouteTables[]", {"id": "RouteTableId"}
    by = {"subnet_id": "association.subnet-id", "gateway_id": "association.gateway-id", **_dashed("vpc_id")}

    def found(self, aws: Aws, config: Values, **more: Any) -> list[dict[str, Any]]:
        who = {"RouteTableIds": [config["route_table_id"]]} if config["route_table_id"] else {}
        return super().found(aws, config, **who)

    def more(self, aws: Aws, found: dict[str, Any]) -> Values:
        id_ = found["RouteTableId"]
        return {
            "arn": f"arn:{aws.partition}:ec2:{aws.region}:{found['OwnerId']}:route-table/{id_}",
            "route_table_id": id_,
        }


class SubnetData(Ec2Data):
    type_name, label = "aws_subnet", "EC2 Subnet"
    method, answer, names = "describe_subnets", "Subnets[]", Subnet.names
    by = {"id": "subnet-id", **_dashed("availability_zone", "cidr_block", "default_for_az", "vpc_id")}


class SecurityGroupData(Ec2Data):
    type_name, label = "aws_security_group", "EC2 Security Group"
    method, answer = "describe_security_groups", "SecurityGroups[]"
    names = {"id": "GroupId", "name": "GroupName", "arn": "SecurityGroupArn"}
    by = {"name": "group-name", **_dashed("vpc_id")}

    def found(self, aws: Aws, config: Values, **more: Any) -> list[dict[str, Any]]:
        return super().found(aws, config, **({"GroupIds": [config["id"]]} if config["id"] else {}))


class AvailabilityZonesData(Ec2Data):
    type_name, label = "aws_availability_zones", "EC2 Availability Zone"
    method, answer = "describe_availability_zones", "AvailabilityZones[]"
    by = _dashed("state")

    def read(self, aws: Aws, config: Values) -> Values:
        zones = self.found(aws, config, AllAvailabilityZones=bool(config["all_availability_zones"]))
        excluded = {*(config["exclude_names"] or ()), *(config["exclude_zone_ids"] or ())}
        zones = [zone for zone in zones if not excluded & {zone["ZoneName"], zone["ZoneId"]}]
        zones.sort(key=lambda zone: zone["ZoneName"])
        return {
            "id": aws.region,
            "names": [zone["ZoneName"] for zone in zones],
            "zone_ids": [zone["ZoneId"] for zone in zones],
            "group_names": sorted({zone.get("GroupName", aws.region) for zone in zones}),
        }


class AmiData(Ec2Data):
    type_name, label = "aws_ami", "EC2 AMI"
    method, answer, names = "describe_images", "Images[]", {"id": "ImageId"}

    def found(self, aws: Aws, config: Values, **more: Any) -> list[dict[str, Any]]:
        images = super().found(aws, config, **({"Owners": config["owners"]} if config["owners"] else {}))
        if pattern := config["name_regex"]:
            images = [image for image in images if re.search(pattern, image.get("Name", ""))]
        if config["most_recent"]:
            images.sort(key=lambda image: str(image.get("CreationDate", "")))
        return images[-1:] if config["most_recent"] else images

    def one(self, objects: list[dict[str, Any]]) -> dict[str, Any]:
        if not objects:
            raise ValueError("Your query returned no results. Please change your search criteria and try again.")
        if len(objects) > 1:
            raise ValueError(
                "Your query returned more than one result. Please try a more specific search criteria, or set "
                "`most_recent` attribute to true."
            )
        return objects[0]

    def more(self, aws: Aws, found: dict[str, Any]) -> Values:
        return {"arn": f"arn:{aws.partition}:ec2:{aws.region}::image/{found['ImageId']}"}
