"""EC2: the base class of its types, and networks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait, as_list

ARN = "arn:{partition}:ec2:{region}:{owner_id}:"


def filters(**wanted: str | list[str]) -> list[dict[str, Any]]:
    """EC2's filters; a dash is an underscore in `wanted`."""
    return [
        {"Name": name.replace("_", "-"), "Values": values if isinstance(values, list) else [values]}
        for name, values in wanted.items()
    ]


class Ec2(AwsResource):
    """A record of EC2: an argument that no call changes replaces it."""

    service, found_by = "ec2", ("id",)
    tagging: ClassVar[Tagging | None] = Tagging("id", "", "create_tags", "delete_tags")
    derived = True

    def make(self, aws: Aws, planned: Values, **more: Any) -> Any:
        shape = self.operation(self.calls.create).input_shape
        tags = as_list(planned.get("tags_all"))
        if tags and "TagSpecifications" in shape.members:
            kind = self.type_name.removeprefix("aws_").replace("_", "-")
            more["TagSpecifications"] = [{"ResourceType": _KINDS.get(kind, kind), "Tags": tags}]
        return self.call(aws, self.calls.create, planned, **more)

    def change(self, aws: Aws, method: str, planned: Values, changed: Collection[str]) -> None:
        if not method.endswith("_attribute"):
            super().change(aws, method, planned, changed)
            return
        # Such a call takes one attribute.
        for name in set(self.takes(method)).intersection(changed):
            self.call(aws, method, {"id": planned["id"], name: planned[name]}, keep=(name,))


_KINDS = {"ebs-volume": "volume", "eip": "elastic-ip", "nat-gateway": "natgateway"}


class Vpc(Ec2):
    type_name, label = "aws_vpc", "EC2 VPC"
    calls = Calls("create_vpc", "describe_vpcs", "modify_vpc_attribute", "delete_vpc")
    answer = "Vpcs[]"
    names = {
        "id": "VpcId",
        "enable_dns_support": "EnableDnsSupport.Value",
        "enable_dns_hostnames": "EnableDnsHostnames.Value",
    }
    computed = {"arn": f"{ARN}vpc/{{id}}"}
    waits: ClassVar[Wait | None] = Wait("State", ("pending",))
    refused: ClassVar[Collection[str]] = (
        *("ipv4_ipam_pool_id", "ipv4_netmask_length", "ipv6_cidr_block", "ipv6_cidr_block_network_border_group"),
        *("ipv6_ipam_pool_id", "ipv6_netmask_length"),
    )

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        client, vpc = self.client(aws), found["VpcId"]

        def attribute(name: str) -> bool:
            answer = client.describe_vpc_attribute(VpcId=vpc, Attribute=f"{name[0].lower()}{name[1:]}")
            return bool(answer[name]["Value"])

        def default(method: str, key: str, id_: str, **wanted: str) -> str | None:
            answer = getattr(client, method)(Filters=[*filters(vpc_id=vpc), *filters(**wanted)])[key]
            return answer[0][id_] if answer else None

        table = default("describe_route_tables", "RouteTables", "RouteTableId", **{"association.main": "true"})
        return {
            **super().parsed(aws, state, found),
            "enable_dns_support": attribute("EnableDnsSupport"),
            "enable_dns_hostnames": attribute("EnableDnsHostnames"),
            "main_route_table_id": table,
            "default_route_table_id": table,
            "default_network_acl_id": default("describe_network_acls", "NetworkAcls", "NetworkAclId", default="true"),
            "default_security_group_id": default(
                "describe_security_groups", "SecurityGroups", "GroupId", group_name="default"
            ),
        }


class Subnet(Ec2):
    type_name, label = "aws_subnet", "EC2 Subnet"
    calls = Calls("create_subnet", "describe_subnets", "modify_subnet_attribute", "delete_subnet")
    answer = "Subnets[]"
    names = {
        "id": "SubnetId",
        "arn": "SubnetArn",
        "map_public_ip_on_launch": "MapPublicIpOnLaunch|MapPublicIpOnLaunch.Value",
    }
    waits: ClassVar[Wait | None] = Wait("State", ("pending",))
    refused: ClassVar[Collection[str]] = (
        *("customer_owned_ipv4_pool", "enable_lni_at_device_index", "ipv6_cidr_block", "ipv6_native", "outpost_arn"),
        *("private_dns_hostname_type_on_launch",),
    )


class _Adopted(Ec2):
    """A default object, which exists in each account: a destroy only removes it from the state."""

    kept = ("force_destroy",)

    def create(self, aws: Aws, planned: Values) -> Values:
        answer = getattr(self.client(aws), self.calls.read)(Filters=self.place(planned))
        first = next(iter(answer[self.answer.removesuffix("[]")]), None)
        if first is None:
            raise ValueError(f"no {self.label} exists in {planned.get('availability_zone') or aws.region}")
        found = self.parsed(aws, planned, first)
        id_ = first[self.names["id"]]
        self.modify(aws, {**planned, **found, "tags_all": {}}, {**planned, "id": id_})
        return {"id": id_, self.existing: True}

    existing: ClassVar[str]

    def place(self, planned: Values) -> list[dict[str, Any]]:
        """The filters that find the object."""
        raise NotImplementedError

    def delete(self, aws: Aws, state: Values) -> None:
        """Nothing."""


class DefaultVpc(_Adopted, Vpc):
    type_name, label, existing = "aws_default_vpc", "EC2 Default VPC", "existing_default_vpc"
    refused = tuple(name for name in Vpc.refused if not name.startswith("ipv4"))

    def place(self, planned: Values) -> list[dict[str, Any]]:
        return filters(is_default="true")


class DefaultSubnet(_Adopted, Subnet):
    type_name, label, existing = "aws_default_subnet", "EC2 Default Subnet", "existing_default_subnet"
    refused = tuple(set(Subnet.refused) - {"enable_lni_at_device_index", "outpost_arn"})

    def place(self, planned: Values) -> list[dict[str, Any]]:
        return filters(default_for_az="true", availability_zone=planned["availability_zone"])


class InternetGateway(Ec2):
    type_name, label = "aws_internet_gateway", "EC2 Internet Gateway"
    calls = Calls.of("internet_gateway", read="describe*", update="")
    answer = "InternetGateways[]"
    names = {"id": "InternetGatewayId", "vpc_id": "Attachments[].VpcId"}
    computed = {"arn": f"{ARN}internet-gateway/{{id}}"}
    switches = {"vpc_id": ("attach_internet_gateway", "detach_internet_gateway")}
