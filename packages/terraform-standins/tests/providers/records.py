"""Types without a recording: the arguments of a resource, and a change of them in place."""

from __future__ import annotations

import json
from typing import Any

Config = dict[str, Any]
TAGS = {"tags": {"Name": "a"}}
OTHER = {"tags": {"Name": "b"}}
ANY = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}
WEB = {"from_port": 80, "to_port": 80, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "description": "web"}


def _policy(action: str, **more: str) -> str:
    statement = {"Effect": "Allow", "Action": action, **(more or {"Resource": "*"})}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


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
    "aws_route": (
        {
            "route_table_id": "${aws_vpc.this.main_route_table_id}",
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": "${aws_internet_gateway.this.id}",
        },
        {},
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
    "aws_eip": ({"instance": "${aws_instance.this.id}", **TAGS}, {"instance": None, **OTHER}),
    "aws_nat_gateway": (
        {"subnet_id": "${aws_subnet.this.id}", "connectivity_type": "private", **TAGS},
        OTHER,
    ),
    "aws_key_pair": ({"key_name": "a", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHk= a", **TAGS}, OTHER),
    "aws_lb": (
        {"name": "a", "internal": True, "subnets": "${data.aws_subnets.this.ids}", "idle_timeout": 30, **TAGS},
        {"idle_timeout": 90, **OTHER},
    ),
    "aws_lb_target_group": (
        {
            "name": "a",
            "port": 80,
            "protocol": "HTTP",
            "vpc_id": "${data.aws_vpc.this.id}",
            "health_check": {"path": "/a", "matcher": "200"},
            **TAGS,
        },
        {"health_check": {"path": "/b", "matcher": "200-299", "interval": 10}, "deregistration_delay": 60, **OTHER},
    ),
    "aws_lb_listener": (
        {
            "load_balancer_arn": "${aws_lb.this.arn}",
            "port": 80,
            "protocol": "HTTP",
            "default_action": {"type": "forward", "target_group_arn": "${aws_lb_target_group.this.arn}"},
            **TAGS,
        },
        {"port": 8080, "default_action": {"type": "redirect", "redirect": {"port": "443", "status_code": "HTTP_301"}}},
    ),
    "aws_launch_template": (
        {
            "name": "a",
            "image_id": "${data.aws_ami.this.id}",
            "instance_type": "t3.micro",
            "vpc_security_group_ids": ["${aws_security_group.this.id}"],
            "update_default_version": True,
            **TAGS,
        },
        {"instance_type": "t3.small", **OTHER},
    ),
    "aws_autoscaling_group": (
        {
            "name": "a",
            "min_size": 0,
            "max_size": 1,
            "vpc_zone_identifier": ["${aws_subnet.this.id}"],
            "launch_template": {"id": "${aws_launch_template.this.id}", "version": "$Latest"},
            "tag": {"key": "Name", "value": "a", "propagate_at_launch": True},
        },
        {
            "max_size": 2,
            "tag": {"key": "Name", "value": "b", "propagate_at_launch": True},
            "target_group_arns": ["${aws_lb_target_group.this.arn}"],
        },
    ),
    "aws_iam_policy": ({"name": "a", "policy": _policy("s3:Get*"), **TAGS}, {"policy": _policy("s3:*"), **OTHER}),
    "aws_iam_role": ({"name": "a", "assume_role_policy": _policy("sts:AssumeRole", Principal="*")}, {}),
    "aws_iam_instance_profile": ({"name": "a", "role": "${aws_iam_role.this.name}", **TAGS}, OTHER),
    "aws_iam_user": ({"name": "a", **TAGS}, OTHER),
    "aws_iam_user_policy_attachment": (
        {"user": "${aws_iam_user.this.name}", "policy_arn": "${aws_iam_policy.this.arn}"},
        {},
    ),
    "aws_s3_bucket": ({"bucket": "records"}, {}),
    "aws_s3_bucket_cors_configuration": (
        {"bucket": "${aws_s3_bucket.this.id}", "cors_rule": {"allowed_methods": ["GET"], "allowed_origins": ["*"]}},
        {"cors_rule": {"allowed_methods": ["PUT"], "allowed_origins": ["*"], "max_age_seconds": 60}},
    ),
    "aws_s3_bucket_website_configuration": (
        {"bucket": "${aws_s3_bucket.this.id}", "index_document": {"suffix": "index.html"}},
        {"error_document": {"key": "error.html"}},
    ),
    "aws_s3_bucket_ownership_controls": (
        {"bucket": "${aws_s3_bucket.this.id}", "rule": {"object_ownership": "BucketOwnerPreferred"}},
        {"rule": {"object_ownership": "ObjectWriter"}},
    ),
    "aws_s3_bucket_acl": ({"bucket": "${aws_s3_bucket_ownership_controls.this.id}", "acl": "private"}, {}),
    "aws_sqs_queue": ({"name": "a"}, {}),
    "aws_lambda_function": (
        {
            "function_name": "a",
            "package_type": "Image",
            "image_uri": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/a:1",
            "role": "${aws_iam_role.this.arn}",
        },
        {},
    ),
    "aws_lambda_event_source_mapping": (
        {
            "event_source_arn": "${aws_sqs_queue.this.arn}",
            "function_name": "${aws_lambda_function.this.arn}",
            "batch_size": 5,
            "enabled": False,
        },
        {"batch_size": 6},
    ),
    "aws_s3_bucket_notification": (
        {
            "bucket": "${aws_s3_bucket.this.id}",
            "queue": {"queue_arn": "${aws_sqs_queue.this.arn}", "events": ["s3:ObjectCreated:*"], "filter_prefix": "a"},
        },
        {"queue": {"queue_arn": "${aws_sqs_queue.this.arn}", "events": ["s3:ObjectRemoved:*"], "filter_suffix": "b"}},
    ),
    "aws_secretsmanager_secret": (
        {"name": "a", "recovery_window_in_days": 0, "description": "d", **TAGS},
        {"description": "e", **OTHER},
    ),
    "aws_secretsmanager_secret_version": (
        {"secret_id": "${aws_secretsmanager_secret.this.id}", "secret_string": "s"},
        {},
    ),
    "aws_kms_key": ({"description": "a"}, {}),
    "aws_kms_alias": ({"name": "alias/a", "target_key_id": "${aws_kms_key.this.key_id}"}, {}),
}

DATA: Config = {
    "aws_availability_zones": {"state": "available"},
    "aws_ami": {"most_recent": True, "owners": ["amazon"]},
    "aws_vpc": {"default": True},
    "aws_subnets": {"filter": {"name": "vpc-id", "values": ["${data.aws_vpc.this.id}"]}},
}
