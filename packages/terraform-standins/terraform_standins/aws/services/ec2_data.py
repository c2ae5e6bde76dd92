"""EC2: data sources; each finds objects by filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..model import member, value_at
from ..type import AwsData
from .ec2 import Subnet, Vpc, filters


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

    def shaped(self, aws: Aws, found: dict[str, Any]) -> Values:
        """The arguments of an object."""
        return self.values(aws, member(self.operation(self.method).output_shape, self.answer), found)


class VpcData(Ec2Data):
    type_name, label = "aws_vpc", "EC2 VPC"
    method, answer = "describe_vpcs", "Vpcs[]"
    names = {"default": "IsDefault", "id": "VpcId"}
    by = {
        "cidr_block": "cidr",
        "default": "is-default",
        "id": "vpc-id",
        "state": "state",
        "dhcp_options_id": "dhcp-options-id",
    }

    def read(self, aws: Aws, config: Values) -> Values:
        found = self.one(self.found(aws, config))
        values, more = self.shaped(aws, found), Vpc().parsed(aws, {}, found)
        return {
            **values,
            **{
                name: more[name]
                for name in ("arn", "enable_dns_hostnames", "enable_dns_support", "main_route_table_id")
            },
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
    by = {
        "subnet_id": "association.subnet-id",
        "gateway_id": "association.gateway-id",
        "vpc_id": "vpc-id",
    }

    def read(self, aws: Aws, config: Values) -> Values:
        who = {"RouteTableIds": [config["route_table_id"]]} if config["route_table_id"] else {}
        found = self.one(self.found(aws, config, **who))
        arn = f"arn:{aws.partition}:ec2:{aws.region}:{found['OwnerId']}:route-table/{found['RouteTableId']}"
        return {
            **self.shaped(aws, found),
            "arn": arn,
            "id": found["RouteTableId"],
            "route_table_id": found["RouteTableId"],
        }


class SubnetData(Ec2Data):
    type_name, label = "aws_subnet", "EC2 Subnet"
    method, answer, names = "describe_subnets", "Subnets[]", Subnet.names
    by = {
        "availability_zone": "availability-zone",
        "cidr_block": "cidr-block",
        "default_for_az": "default-for-az",
        "id": "subnet-id",
        "vpc_id": "vpc-id",
    }

    def read(self, aws: Aws, config: Values) -> Values:
        return self.shaped(aws, self.one(self.found(aws, config)))


class SecurityGroupData(SubnetData):
    type_name, label = "aws_security_group", "EC2 Security Group"
    method, answer = "describe_security_groups", "SecurityGroups[]"
    names = {"id": "GroupId", "name": "GroupName", "arn": "SecurityGroupArn"}
    by = {"name": "group-name", "vpc_id": "vpc-id"}

    def found(self, aws: Aws, config: Values, **more: Any) -> list[dict[str, Any]]:
        return super().found(aws, config, **({"GroupIds": [config["id"]]} if config["id"] else {}))


class AvailabilityZonesData(Ec2Data):
    type_name, label = "aws_availability_zones", "EC2 Availability Zone"
    method, answer = "describe_availability_zones", "AvailabilityZones[]"
    by = {"state": "state"}

    def read(self, aws: Aws, config: Values) -> Values:
        zones = self.found(aws, config, AllAvailabilityZones=bool(config["all_availability_zones"]))
        names, ids = config["exclude_names"] or (), config["exclude_zone_ids"] or ()
        zones = sorted(
            (z for z in zones if z["ZoneName"] not in names and z["ZoneId"] not in ids), key=lambda z: z["ZoneName"]
        )
        return {
            "id": aws.region,
            "names": [zone["ZoneName"] for zone in zones],
            "zone_ids": [zone["ZoneId"] for zone in zones],
            "group_names": sorted({zone.get("GroupName", aws.region) for zone in zones}),
        }


class AmiData(Ec2Data):
    type_name, label = "aws_ami", "EC2 AMI"
    method, answer = "describe_images", "Images[]"
    names = {"id": "ImageId", "image_type": "ImageType", "hypervisor": "Hypervisor"}

    def read(self, aws: Aws, config: Values) -> Values:
        more = {"Owners": config["owners"]} if config["owners"] else {}
        images = self.found(aws, config, **more)
        if pattern := config["name_regex"]:
            images = [image for image in images if re.search(pattern, image.get("Name", ""))]
        if len(images) > 1 and config["most_recent"]:
            images = [max(images, key=lambda image: str(image.get("CreationDate", "")))]
        if not images:
            raise ValueError("Your query returned no results. Please change your search criteria and try again.")
        if len(images) > 1:
            raise ValueError(
                "Your query returned more than one result. Please try a more specific search criteria, or set "
                "`most_recent` attribute to true."
            )
        return {
            **self.shaped(aws, images[0]),
            "arn": f"arn:{aws.partition}:ec2:{aws.region}::image/{images[0]['ImageId']}",
        }
