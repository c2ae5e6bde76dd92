"""Types that the embedded cloud keeps as records: the arguments of a resource, and a change of them in place."""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]
TAGS = {"tags": {"Name": "a"}}
OTHER = {"tags": {"Name": "b"}}
ANY = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}
WEB = {"from_port": 80, "to_port": 80, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "description": "web"}

RECORDS: dict[str, tuple[Config, Config]] = {
    "aws_vpc": ({"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": True, **TAGS}, {"enable_dns_hostnames": False}),
    "aws_default_vpc": (TAGS, OTHER),
    "aws_default_subnet": ({"availability_zone": "${data.aws_availability_zones.this.names[0]}", **TAGS}, OTHER),
    "aws_subnet": (
        {"vpc_id": "${aws_vpc.this.id}", "cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": True, **TAGS},
        {"map_public_ip_on_launch": False, **OTHER},
    ),
    "aws_internet_gateway": ({"vpc_id": "${aws_vpc.this.id}", **TAGS}, OTHER),
    "aws_route_table": (
        {
            "vpc_id": "${aws_vpc.this.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.this.id}"}],
            **TAGS,
        },
        {"route": [{"cidr_block": "1.0.0.0/8", "gateway_id": "${aws_internet_gateway.this.id}"}]},
    ),
    "aws_route_table_association": (
        {"subnet_id": "${aws_subnet.this.id}", "route_table_id": "${aws_route_table.this.id}"},
        {"route_table_id": "${aws_vpc.this.main_route_table_id}"},
    ),
    "aws_security_group": (
        {"name": "a", "vpc_id": "${aws_vpc.this.id}", "ingress": [WEB], "egress": [ANY], **TAGS},
        {"ingress": [{**WEB, "from_port": 8080, "to_port": 8081}, {**WEB, "cidr_blocks": [], "self": True}], **OTHER},
    ),
    "aws_security_group_rule": (
        {"type": "ingress", "security_group_id": "${aws_default_vpc.this.default_security_group_id}", **WEB},
        {},
    ),
    "aws_instance": (
        {
            "ami": "${data.aws_ami.this.id}",
            "instance_type": "t3.micro",
            "subnet_id": "${aws_subnet.this.id}",
            "vpc_security_group_ids": ["${aws_security_group.this.id}"],
            "user_data": "#!/bin/sh",
            "root_block_device": {"volume_size": 20},
            **TAGS,
        },
        {"instance_type": "t3.small", **OTHER},
    ),
}

DATA: Config = {
    "aws_availability_zones": {"state": "available"},
    "aws_ami": {"most_recent": True, "owners": ["amazon"]},
    "aws_vpc": {"default": True},
    "aws_subnets": {"filter": {"name": "vpc-id", "values": ["${data.aws_vpc.this.id}"]}},
}
