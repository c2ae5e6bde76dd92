"""Types without a recording: the arguments of a resource, and a change of them in place."""

from __future__ import annotations

import json
from typing import Any

Config = dict[str, Any]
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TAGS = {"tags": {"Name": "a"}}
OTHER = {"tags": {"Name": "b"}}
NOTIFIED = {
    "comparison_operator": "GREATER_THAN",
    "threshold": 100,
    "threshold_type": "PERCENTAGE",
    "notification_type": "ACTUAL",
    "subscriber_email_addresses": ["ops@example.com"],
}
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
        {"instance_type": "t3.small", "root_block_device": {"volume_size": 30}, **OTHER},
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
    "aws_s3_bucket": ({"bucket": "records", "acl": "private"}, {}),
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
    "aws_budgets_budget": (
        {
            "name": "a",
            "budget_type": "COST",
            "limit_amount": "10",
            "limit_unit": "USD",
            "time_unit": "MONTHLY",
            "cost_filter": {"name": "TagKeyValue", "values": ["user:Stage$prod"]},
            "notification": NOTIFIED,
            **TAGS,
        },
        {"limit_amount": "20", "notification": {**NOTIFIED, "threshold": 80}, **OTHER},
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
    "aws_apigatewayv2_api": (
        {"name": "a", "protocol_type": "HTTP", "cors_configuration": {"allow_origins": ["*"]}, **TAGS},
        {"description": "d", "cors_configuration": {"allow_origins": ["https://a.example"]}, **OTHER},
    ),
    "aws_apigatewayv2_integration": (
        {
            "api_id": "${aws_apigatewayv2_api.this.id}",
            "integration_type": "AWS_PROXY",
            "integration_uri": "${aws_lambda_function.this.arn}",
            "payload_format_version": "2.0",
        },
        {"timeout_milliseconds": 2000},
    ),
    "aws_apigatewayv2_route": (
        {
            "api_id": "${aws_apigatewayv2_api.this.id}",
            "route_key": "GET /a",
            "target": "integrations/${aws_apigatewayv2_integration.this.id}",
        },
        {"route_key": "GET /b"},
    ),
    "aws_apigatewayv2_authorizer": (
        {
            "api_id": "${aws_apigatewayv2_api.this.id}",
            "authorizer_type": "JWT",
            "name": "a",
            "identity_sources": ["$request.header.Authorization"],
            "jwt_configuration": {"audience": ["a"], "issuer": "https://a.example"},
        },
        {"jwt_configuration": {"audience": ["b"], "issuer": "https://a.example"}},
    ),
    "aws_apigatewayv2_deployment": (
        {"api_id": "${aws_apigatewayv2_route.this.api_id}", "description": "a", "triggers": {"a": "b"}},
        {},
    ),
    "aws_apigatewayv2_stage": (
        {"api_id": "${aws_apigatewayv2_api.this.id}", "name": "$default", "auto_deploy": True, **TAGS},
        {"description": "d", "default_route_settings": {"throttling_burst_limit": 5, "throttling_rate_limit": 5}},
    ),
    "aws_ecs_cluster": ({"name": "a", **TAGS}, {"setting": {"name": "containerInsights", "value": "enabled"}, **OTHER}),
    "aws_ecs_task_definition": (
        {
            "family": "a",
            "container_definitions": '[{"name": "a", "image": "nginx", "portMappings": [{"containerPort": 80}]}]',
            "cpu": "256",
            "memory": "512",
            "network_mode": "awsvpc",
            "requires_compatibilities": ["FARGATE"],
            "volume": {"name": "a", "host_path": "/a"},
            **TAGS,
        },
        OTHER,
    ),
    "aws_ecs_service": (
        {
            "name": "a",
            "cluster": "${aws_ecs_cluster.this.id}",
            "task_definition": "${aws_ecs_task_definition.this.arn}",
            "desired_count": 1,
            "launch_type": "FARGATE",
            "network_configuration": {
                "subnets": ["${aws_subnet.this.id}"],
                "security_groups": ["${aws_security_group.this.id}"],
                "assign_public_ip": True,
            },
            "load_balancer": {
                "target_group_arn": "${aws_lb_listener.this.default_action[0].target_group_arn}",
                "container_name": "a",
                "container_port": 80,
            },
            **TAGS,
        },
        {"desired_count": 2, "deployment_maximum_percent": 150, **OTHER},
    ),
    "aws_db_subnet_group": (
        {"name": "a", "subnet_ids": "${data.aws_subnets.this.ids}", **TAGS},
        {"description": "d", **OTHER},
    ),
    "aws_db_instance": (
        {
            "identifier": "a",
            "engine": "postgres",
            "engine_version": "16",
            "instance_class": "db.t3.micro",
            "allocated_storage": 20,
            "username": "root",
            "password": "password",
            "db_name": "a",
            "db_subnet_group_name": "${aws_db_subnet_group.this.name}",
            "vpc_security_group_ids": ["${aws_security_group.this.id}"],
            "skip_final_snapshot": True,
            **TAGS,
        },
        {"allocated_storage": 30, "backup_retention_period": 3, **OTHER},
    ),
    "aws_route53_zone": ({"name": "a.example", "force_destroy": True, **TAGS}, {"comment": "c", **OTHER}),
    "aws_route53_record": (
        {"zone_id": "${aws_route53_zone.this.zone_id}", "name": "www", "type": "A", "ttl": 60, "records": ["10.0.0.1"]},
        {"ttl": 90, "records": ["10.0.0.1", "10.0.0.2"]},
    ),
    "aws_acm_certificate": (
        {
            "domain_name": "a.example",
            "validation_method": "DNS",
            "subject_alternative_names": ["b.a.example"],
            **TAGS,
        },
        OTHER,
    ),
    "aws_acm_certificate_validation": ({"certificate_arn": "${aws_acm_certificate.this.arn}"}, {}),
    "aws_lambda_function_url": (
        {"function_name": "${aws_lambda_function.this.function_name}", "authorization_type": "NONE"},
        {"cors": {"allow_origins": ["*"]}, "authorization_type": "AWS_IAM"},
    ),
    "aws_lambda_layer_version": (
        {"layer_name": "a", "filename": "${data.archive_file.this.output_path}", "compatible_runtimes": ["python3.12"]},
        {},
    ),
    "aws_sfn_state_machine": (
        {
            "name": "a",
            "role_arn": "${aws_iam_role.this.arn}",
            "definition": '{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}',
            **TAGS,
        },
        {"definition": '{"StartAt": "b", "States": {"b": {"Type": "Succeed"}}}', **OTHER},
    ),
    "aws_cognito_user_pool": (
        {"name": "a", "password_policy": {"minimum_length": 10}, "auto_verified_attributes": ["email"], **TAGS},
        {"password_policy": {"minimum_length": 12}, **OTHER},
    ),
    "aws_cognito_user_pool_client": (
        {
            "name": "a",
            "user_pool_id": "${aws_cognito_user_pool.this.id}",
            "explicit_auth_flows": ["ALLOW_USER_SRP_AUTH"],
        },
        {"callback_urls": ["https://a.example"]},
    ),
    "aws_vpc_security_group_ingress_rule": (
        {
            "security_group_id": "${aws_default_vpc.this.default_security_group_id}",
            "cidr_ipv4": "10.8.0.0/16",
            "ip_protocol": "tcp",
            "from_port": 80,
            "to_port": 80,
            "description": "a",
            **TAGS,
        },
        {"cidr_ipv4": "10.1.0.0/16", **OTHER},
    ),
    "aws_vpc_security_group_egress_rule": (
        {
            "security_group_id": "${aws_default_vpc.this.default_security_group_id}",
            "cidr_ipv4": "10.9.0.0/16",
            "ip_protocol": "-1",
        },
        {"description": "b"},
    ),
    "aws_cloudwatch_event_rule": (
        {"name": "a", "schedule_expression": "rate(1 hour)", **TAGS},
        {"schedule_expression": "rate(2 hours)", "state": "DISABLED", **OTHER},
    ),
    "aws_cloudwatch_event_target": (
        {"rule": "${aws_cloudwatch_event_rule.this.name}", "arn": "${aws_sqs_queue.this.arn}", "input": '{"a": 1}'},
        {"input": '{"a": 2}'},
    ),
    "aws_iam_policy_attachment": (
        {"name": "a", "roles": ["${aws_iam_role.this.name}"], "policy_arn": READ_ONLY},
        {"users": ["${aws_iam_user.this.name}"]},
    ),
    "aws_s3_bucket_policy": (
        {
            "bucket": "${aws_s3_bucket.this.id}",
            "policy": _policy("s3:Get*", Principal="*", Resource="arn:aws:s3:::records/*"),
        },
        {"policy": _policy("s3:*", Principal="*", Resource="arn:aws:s3:::records/*")},
    ),
    "aws_cloudfront_origin_access_control": (
        {
            "name": "a",
            "origin_access_control_origin_type": "s3",
            "signing_behavior": "always",
            "signing_protocol": "sigv4",
        },
        {"description": "b"},
    ),
    "aws_cloudfront_distribution": (
        {
            "enabled": True,
            "origin": [
                {
                    "domain_name": "${aws_s3_bucket.this.bucket_regional_domain_name}",
                    "origin_id": "s3",
                    "origin_access_control_id": "${aws_cloudfront_origin_access_control.this.id}",
                }
            ],
            "default_cache_behavior": {
                "allowed_methods": ["GET", "HEAD"],
                "cached_methods": ["GET", "HEAD"],
                "target_origin_id": "s3",
                "viewer_protocol_policy": "redirect-to-https",
                "forwarded_values": {"query_string": False, "cookies": {"forward": "none"}},
            },
            "custom_error_response": [{"error_code": 404, "response_code": 200, "response_page_path": "/a.html"}],
            "restrictions": {"geo_restriction": {"restriction_type": "whitelist", "locations": ["DE"]}},
            "viewer_certificate": {"cloudfront_default_certificate": True},
            **TAGS,
        },
        {"default_root_object": "index.html", "aliases": ["a.example"], **OTHER},
    ),
    "aws_s3_object": (
        {"bucket": "${aws_s3_bucket.this.id}", "key": "a/b.txt", "content": "a", "content_type": "text/plain", **TAGS},
        {"content": "b", "metadata": {"a": "b"}, **OTHER},
    ),
    "aws_apigatewayv2_domain_name": (
        {
            "domain_name": "a.example",
            "domain_name_configuration": {
                "certificate_arn": "${aws_acm_certificate.this.arn}",
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            **TAGS,
        },
        OTHER,
    ),
    "aws_apigatewayv2_api_mapping": (
        {
            "api_id": "${aws_apigatewayv2_api.this.id}",
            "domain_name": "${aws_apigatewayv2_domain_name.this.id}",
            "stage": "${aws_apigatewayv2_stage.this.id}",
        },
        {"api_mapping_key": "v1"},
    ),
    "aws_lb_target_group_attachment": (
        {"target_group_arn": "${aws_lb_target_group.this.arn}", "target_id": "${aws_instance.this.id}", "port": 8080},
        {},
    ),
    "aws_lb_listener_rule": (
        {
            "listener_arn": "${aws_lb_listener.this.arn}",
            "priority": 5,
            "action": {"type": "forward", "target_group_arn": "${aws_lb_target_group.this.arn}"},
            "condition": [{"path_pattern": {"values": ["/a/*"]}}, {"host_header": {"values": ["a.example"]}}],
            **TAGS,
        },
        {"priority": 6, "condition": {"path_pattern": {"values": ["/b/*"]}}, **OTHER},
    ),
    "aws_lb_listener_certificate": (
        {"listener_arn": "${aws_lb_listener.this.arn}", "certificate_arn": "${aws_acm_certificate.this.arn}"},
        {},
    ),
    "aws_db_parameter_group": (
        {"name": "a", "family": "postgres16", "parameter": [{"name": "log_connections", "value": "1"}], **TAGS},
        {"parameter": [{"name": "log_disconnections", "value": "1"}], **OTHER},
    ),
    "aws_rds_cluster_parameter_group": (
        {
            "name": "a",
            "family": "aurora-postgresql16",
            "parameter": [{"name": "log_statement", "value": "all"}],
            **TAGS,
        },
        {"parameter": [{"name": "log_statement", "value": "none"}], **OTHER},
    ),
    "aws_rds_cluster": (
        {
            "cluster_identifier": "a",
            "engine": "aurora-postgresql",
            "database_name": "a",
            "master_username": "root",
            "master_password": "password",
            "db_subnet_group_name": "${aws_db_subnet_group.this.name}",
            "db_cluster_parameter_group_name": "${aws_rds_cluster_parameter_group.this.name}",
            "vpc_security_group_ids": ["${aws_security_group.this.id}"],
            "skip_final_snapshot": True,
            **TAGS,
        },
        {"backup_retention_period": 3, "deletion_protection": False, **OTHER},
    ),
    "aws_rds_cluster_instance": (
        {
            "identifier": "a-1",
            "cluster_identifier": "${aws_rds_cluster.this.id}",
            "engine": "${aws_rds_cluster.this.engine}",
            "instance_class": "db.r6g.large",
            **TAGS,
        },
        {"promotion_tier": 1, **OTHER},
    ),
    "aws_elasticache_subnet_group": (
        {"name": "a", "subnet_ids": "${data.aws_subnets.this.ids}", **TAGS},
        {"description": "d", **OTHER},
    ),
    "aws_elasticache_parameter_group": (
        {"name": "a", "family": "redis7", "parameter": [{"name": "activerehashing", "value": "no"}], **TAGS},
        {"parameter": [{"name": "activerehashing", "value": "yes"}], **OTHER},
    ),
    "aws_elasticache_cluster": (
        {
            "cluster_id": "a",
            "engine": "redis",
            "node_type": "cache.t3.micro",
            "num_cache_nodes": 1,
            "subnet_group_name": "${aws_elasticache_subnet_group.this.name}",
            "security_group_ids": ["${aws_security_group.this.id}"],
            **TAGS,
        },
        {"node_type": "cache.t3.small", **OTHER},
    ),
    "aws_elasticache_replication_group": (
        {
            "replication_group_id": "b",
            "description": "d",
            "engine": "redis",
            "node_type": "cache.t3.micro",
            "num_cache_clusters": 2,
            "automatic_failover_enabled": True,
            "subnet_group_name": "${aws_elasticache_subnet_group.this.name}",
            "security_group_ids": ["${aws_security_group.this.id}"],
            **TAGS,
        },
        {"description": "e", "snapshot_retention_limit": 3, **OTHER},
    ),
    "aws_efs_file_system": (
        {"encrypted": True, "lifecycle_policy": [{"transition_to_ia": "AFTER_30_DAYS"}], **TAGS},
        {"lifecycle_policy": [{"transition_to_ia": "AFTER_60_DAYS"}], "throughput_mode": "elastic", **OTHER},
    ),
    "aws_efs_mount_target": (
        {
            "file_system_id": "${aws_efs_file_system.this.id}",
            "subnet_id": "${aws_subnet.this.id}",
            "security_groups": ["${aws_security_group.this.id}"],
        },
        {"security_groups": ["${aws_vpc.this.default_security_group_id}"]},
    ),
    "aws_efs_access_point": (
        {
            "file_system_id": "${aws_efs_file_system.this.id}",
            "posix_user": {"uid": 1000, "gid": 1000},
            "root_directory": {
                "path": "/a",
                "creation_info": {"owner_uid": 1000, "owner_gid": 1000, "permissions": "755"},
            },
            **TAGS,
        },
        OTHER,
    ),
    "aws_kinesis_stream": (
        {"name": "a", "shard_count": 1, "retention_period": 48, **TAGS},
        {"shard_count": 2, "retention_period": 24, **OTHER},
    ),
    "aws_iam_group": ({"name": "a"}, {}),
    "aws_iam_user_policy": (
        {"name": "a", "user": "${aws_iam_user.this.name}", "policy": _policy("s3:Get*")},
        {"policy": _policy("s3:*")},
    ),
    "aws_iam_group_policy": (
        {"name": "a", "group": "${aws_iam_group.this.name}", "policy": _policy("s3:Get*")},
        {"policy": _policy("s3:*")},
    ),
    "aws_iam_group_policy_attachment": (
        {"group": "${aws_iam_group.this.name}", "policy_arn": "${aws_iam_policy.this.arn}"},
        {},
    ),
    "aws_iam_group_membership": (
        {"name": "a", "group": "${aws_iam_group.this.name}", "users": ["${aws_iam_user.this.name}"]},
        {},
    ),
    "aws_iam_user_group_membership": (
        {"user": "${aws_iam_user.this.name}", "groups": ["${aws_iam_group.this.name}"]},
        {},
    ),
    "aws_iam_access_key": ({"user": "${aws_iam_user.this.name}"}, {"status": "Inactive"}),
    "aws_iam_openid_connect_provider": (
        {
            "url": "https://token.actions.githubusercontent.com",
            "client_id_list": ["sts.amazonaws.com"],
            "thumbprint_list": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            **TAGS,
        },
        {},
    ),
    "aws_cloudwatch_log_group": ({"name": "a"}, {}),
    "aws_cloudwatch_log_stream": ({"name": "a", "log_group_name": "${aws_cloudwatch_log_group.this.name}"}, {}),
    "aws_cloudwatch_log_subscription_filter": (
        {
            "name": "a",
            "log_group_name": "${aws_cloudwatch_log_group.this.name}",
            "filter_pattern": "",
            "destination_arn": "${aws_kinesis_stream.this.arn}",
            "role_arn": "${aws_iam_role.this.arn}",
        },
        {"filter_pattern": "ERROR"},
    ),
    "aws_cloudwatch_log_resource_policy": (
        {"policy_name": "a", "policy_document": _policy("logs:PutLogEvents", Principal="*", Resource="*")},
        {"policy_document": _policy("logs:*", Principal="*", Resource="*")},
    ),
    "aws_scheduler_schedule_group": ({"name": "a", **TAGS}, OTHER),
    "aws_scheduler_schedule": (
        {
            "name": "a",
            "group_name": "${aws_scheduler_schedule_group.this.name}",
            "schedule_expression": "rate(1 hour)",
            "flexible_time_window": {"mode": "OFF"},
            "target": {"arn": "${aws_sqs_queue.this.arn}", "role_arn": "${aws_iam_role.this.arn}", "input": "{}"},
        },
        {"schedule_expression": "rate(2 hours)", "state": "DISABLED"},
    ),
    "aws_cognito_user_pool_domain": ({"domain": "a", "user_pool_id": "${aws_cognito_user_pool.this.id}"}, {}),
    "aws_cognito_user_group": (
        {"name": "a", "user_pool_id": "${aws_cognito_user_pool.this.id}", "precedence": 1},
        {},
    ),
    "aws_cognito_resource_server": (
        {
            "identifier": "a",
            "name": "a",
            "user_pool_id": "${aws_cognito_user_pool.this.id}",
            "scope": [{"scope_name": "read", "scope_description": "d"}],
        },
        {"name": "b"},
    ),
    "aws_cognito_identity_pool": (
        {
            "identity_pool_name": "a",
            "allow_unauthenticated_identities": False,
            "cognito_identity_providers": [
                {
                    "client_id": "${aws_cognito_user_pool_client.this.id}",
                    "provider_name": "${aws_cognito_user_pool.this.endpoint}",
                }
            ],
            **TAGS,
        },
        {"allow_unauthenticated_identities": True, **OTHER},
    ),
    "aws_cognito_identity_pool_roles_attachment": (
        {
            "identity_pool_id": "${aws_cognito_identity_pool.this.id}",
            "roles": {"authenticated": "${aws_iam_role.this.arn}"},
        },
        {"roles": {"unauthenticated": "${aws_iam_role.this.arn}"}},
    ),
    "aws_wafv2_ip_set": (
        {"name": "a", "scope": "REGIONAL", "ip_address_version": "IPV4", "addresses": ["10.0.0.0/8"], **TAGS},
        {"addresses": ["10.0.0.0/16"], **OTHER},
    ),
    "aws_vpc_endpoint": (
        {
            "vpc_id": "${aws_vpc.this.id}",
            "service_name": "com.amazonaws.eu-central-1.s3",
            "route_table_ids": ["${aws_route_table.this.id}"],
            **TAGS,
        },
        {"route_table_ids": ["${aws_vpc.this.main_route_table_id}"], **OTHER},
    ),
    "aws_vpc_peering_connection": (
        {"vpc_id": "${aws_vpc.this.id}", "peer_vpc_id": "${aws_default_vpc.this.id}", "auto_accept": True, **TAGS},
        OTHER,
    ),
    "aws_flow_log": (
        {
            "vpc_id": "${aws_vpc.this.id}",
            "traffic_type": "ALL",
            "log_destination": "${aws_cloudwatch_log_group.this.arn}",
            "iam_role_arn": "${aws_iam_role.this.arn}",
            **TAGS,
        },
        OTHER,
    ),
    "aws_ebs_volume": (
        {"availability_zone": "${aws_instance.this.availability_zone}", "size": 10, "type": "gp3", **TAGS},
        {"size": 20, **OTHER},
    ),
    "aws_volume_attachment": (
        {
            "device_name": "/dev/sdh",
            "volume_id": "${aws_ebs_volume.this.id}",
            "instance_id": "${aws_instance.this.id}",
        },
        {},
    ),
    "aws_eip_association": (
        {"allocation_id": "${aws_eip.this.id}", "instance_id": "${aws_instance.this.id}"},
        {},
    ),
    "aws_egress_only_internet_gateway": ({"vpc_id": "${aws_vpc.this.id}", **TAGS}, OTHER),
    "aws_autoscaling_policy": (
        {
            "name": "a",
            "autoscaling_group_name": "${aws_autoscaling_group.this.name}",
            "policy_type": "TargetTrackingScaling",
            "target_tracking_configuration": {
                "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
                "target_value": 50,
            },
        },
        {
            "target_tracking_configuration": {
                "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
                "target_value": 60,
            }
        },
    ),
    "aws_autoscaling_schedule": (
        {
            "scheduled_action_name": "a",
            "autoscaling_group_name": "${aws_autoscaling_group.this.name}",
            "recurrence": "0 8 * * *",
            "min_size": 0,
            "max_size": 1,
            "desired_capacity": 1,
        },
        {"recurrence": "0 9 * * *"},
    ),
    "aws_launch_configuration": (
        {
            "name": "a",
            "image_id": "${data.aws_ami.this.id}",
            "instance_type": "t3.micro",
            "security_groups": ["${aws_security_group.this.id}"],
            "user_data": "#!/bin/sh",
        },
        {},
    ),
    "aws_cloudfront_origin_access_identity": ({"comment": "a"}, {"comment": "b"}),
    "aws_service_discovery_http_namespace": ({"name": "b", "description": "d", **TAGS}, OTHER),
    "aws_service_discovery_private_dns_namespace": ({"name": "a.local", "vpc": "${aws_vpc.this.id}", **TAGS}, OTHER),
    "aws_service_discovery_service": (
        {
            "name": "a",
            "dns_config": {
                "namespace_id": "${aws_service_discovery_private_dns_namespace.this.id}",
                "dns_records": [{"ttl": 10, "type": "A"}],
            },
            **TAGS,
        },
        {
            "dns_config": {
                "namespace_id": "${aws_service_discovery_private_dns_namespace.this.id}",
                "dns_records": [{"ttl": 20, "type": "A"}],
            },
            **OTHER,
        },
    ),
    "aws_eks_cluster": (
        {
            "name": "a",
            "role_arn": "${aws_iam_role.this.arn}",
            "vpc_config": {"subnet_ids": "${data.aws_subnets.this.ids}"},
            **TAGS,
        },
        OTHER,
    ),
    "aws_eks_node_group": (
        {
            "cluster_name": "${aws_eks_cluster.this.name}",
            "node_group_name": "a",
            "node_role_arn": "${aws_iam_role.this.arn}",
            "subnet_ids": "${data.aws_subnets.this.ids}",
            "scaling_config": {"desired_size": 1, "max_size": 2, "min_size": 1},
            **TAGS,
        },
        OTHER,
    ),
    "aws_ses_email_identity": ({"email": "a@a.example"}, {}),
    "aws_ses_domain_identity": ({"domain": "b.example"}, {}),
    "aws_ses_domain_dkim": ({"domain": "${aws_ses_domain_identity.this.domain}"}, {}),
    "aws_cloudtrail": (
        {"name": "a", "s3_bucket_name": "${aws_s3_bucket.this.id}", **TAGS},
        {"enable_logging": False, "include_global_service_events": False, **OTHER},
    ),
    "aws_s3_bucket_lifecycle_configuration": (
        {
            "bucket": "${aws_s3_bucket.this.id}",
            "rule": [
                {
                    "id": "a",
                    "status": "Enabled",
                    "filter": [{"prefix": "a/"}],
                    "expiration": [{"days": 30}],
                    "transition": [{"days": 10, "storage_class": "GLACIER"}],
                }
            ],
        },
        {"rule": [{"id": "b", "status": "Enabled", "noncurrent_version_expiration": [{"noncurrent_days": 5}]}]},
    ),
    "aws_s3_bucket_logging": (
        {"bucket": "${aws_s3_bucket.this.id}", "target_bucket": "${aws_s3_bucket.this.id}", "target_prefix": "a/"},
        {"target_prefix": "b/"},
    ),
    "aws_sns_topic": ({"name": "a"}, {}),
    "aws_sns_topic_policy": (
        {"arn": "${aws_sns_topic.this.arn}", "policy": _policy("sns:Publish", Principal="*", Resource="*")},
        {"policy": _policy("sns:Subscribe", Principal="*", Resource="*")},
    ),
    "aws_dynamodb_table": (
        {
            "name": "records",
            "billing_mode": "PAY_PER_REQUEST",
            "hash_key": "id",
            "attribute": [{"name": "id", "type": "S"}],
        },
        {},
    ),
    "aws_ecr_repository": ({"name": "records"}, {}),
}

DATA: Config = {
    "aws_vpcs": {"filter": {"name": "vpc-id", "values": ["${aws_vpc.this.id}"]}},
    "aws_security_groups": {"filter": {"name": "vpc-id", "values": ["${aws_vpc.this.id}"]}},
    "aws_route_table": {"route_table_id": "${aws_route_table.this.id}"},
    "aws_cloudwatch_log_group": {"name": "${aws_cloudwatch_log_group.this.name}"},
    "aws_dynamodb_table": {"name": "${aws_dynamodb_table.this.name}"},
    "aws_ecr_repository": {"name": "${aws_ecr_repository.this.name}"},
    "aws_kms_alias": {"name": "${aws_kms_alias.this.name}"},
    "aws_kms_key": {"key_id": "${aws_kms_alias.this.name}"},
    "aws_iam_user": {"user_name": "${aws_iam_user.this.name}"},
    "aws_iam_policy": {"name": "${aws_iam_policy.this.name}"},
    "aws_eks_cluster": {"name": "${aws_eks_cluster.this.name}"},
    "aws_instance": {"instance_id": "${aws_instance.this.id}"},
    "aws_lb": {"name": "${aws_lb.this.name}"},
    "aws_acm_certificate": {"domain": "${aws_acm_certificate.this.domain_name}"},
    "aws_availability_zones": {"state": "available"},
    "aws_ami": {"most_recent": True, "owners": ["amazon"]},
    "aws_vpc": {"default": True},
    "aws_subnets": {"filter": {"name": "vpc-id", "values": ["${data.aws_vpc.this.id}"]}},
    "aws_subnet": {"id": "${aws_subnet.this.id}"},
    "aws_security_group": {"id": "${aws_security_group.this.id}"},
    "aws_iam_role": {"name": "${aws_iam_role.this.name}"},
    "aws_s3_bucket": {"bucket": "${aws_s3_bucket.this.bucket}"},
    "aws_lambda_function": {"function_name": "${aws_lambda_function.this.function_name}"},
    "aws_sqs_queue": {"name": "${aws_sqs_queue.this.name}"},
    "aws_secretsmanager_secret": {"name": "${aws_secretsmanager_secret.this.name}"},
    "aws_secretsmanager_secret_version": {"secret_id": "${aws_secretsmanager_secret_version.this.secret_id}"},
    "aws_route53_zone": {"name": "${aws_route53_zone.this.name}"},
    "archive_file": {
        "type": "zip",
        "output_path": "a.zip",
        "source_content": "a",
        "source_content_filename": "a.py",
    },
}
