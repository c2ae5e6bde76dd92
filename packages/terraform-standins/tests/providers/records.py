"""Types without a recording: the arguments of a resource, and a change of them in place."""

from __future__ import annotations

import json
from typing import Any

Config = dict[str, Any]
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
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


REQUIRED: Config = {
    "api_id": "${aws_apigatewayv2_api.this.id}",
    "autoscaling_group_name": "${aws_autoscaling_group.this.name}",
    "bucket": "${aws_s3_bucket.this.id}",
    "certificate_arn": "${aws_acm_certificate.this.arn}",
    "file_system_id": "${aws_efs_file_system.this.id}",
    "function_name": "${aws_lambda_function.this.function_name}",
    "group": "${aws_iam_group.this.name}",
    "listener_arn": "${aws_lb_listener.this.arn}",
    "log_group_name": "${aws_cloudwatch_log_group.this.name}",
    "name": "a",
    "policy": _policy("s3:Get*"),
    "policy_arn": "${aws_iam_policy.this.arn}",
    "role_arn": "${aws_iam_role.this.arn}",
    "security_group_id": "${aws_default_vpc.this.default_security_group_id}",
    "subnet_ids": "${data.aws_subnets.this.ids}",
    "user": "${aws_iam_user.this.name}",
    "user_pool_id": "${aws_cognito_user_pool.this.id}",
    "vpc_id": "${aws_vpc.this.id}",
}
"""Values of required arguments that a record does not have."""

RECORDS: dict[str, Config] = {
    "aws_vpc": {"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": True},
    "aws_default_vpc": {},
    "aws_default_subnet": {"availability_zone": "${data.aws_availability_zones.this.names[0]}"},
    "aws_subnet": {"cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": True},
    "aws_internet_gateway": {"vpc_id": "${aws_vpc.this.id}"},
    "aws_route_table": {"route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.this.id}"}]},
    "aws_route_table_association": {
        "subnet_id": "${aws_subnet.this.id}",
        "route_table_id": "${aws_route_table.this.id}",
    },
    "aws_route": {
        "route_table_id": "${aws_vpc.this.main_route_table_id}",
        "destination_cidr_block": "0.0.0.0/0",
        "gateway_id": "${aws_internet_gateway.this.id}",
    },
    "aws_security_group": {"name": "a", "vpc_id": "${aws_vpc.this.id}", "ingress": [WEB], "egress": [ANY]},
    "aws_security_group_rule": {"type": "ingress", **WEB},
    "aws_instance": {
        "ami": "${data.aws_ami.this.id}",
        "instance_type": "t3.micro",
        "subnet_id": "${aws_subnet.this.id}",
        "vpc_security_group_ids": ["${aws_security_group.this.id}"],
        "user_data": "#!/bin/sh",
        "source_dest_check": False,
        "root_block_device": {"volume_size": 20},
    },
    "aws_eip": {"instance": "${aws_instance.this.id}"},
    "aws_nat_gateway": {"subnet_id": "${aws_subnet.this.id}", "allocation_id": "${aws_eip.this.id}"},
    "aws_key_pair": {"key_name": "a", "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHk= a"},
    "aws_lb": {"name": "a", "internal": True, "subnets": "${data.aws_subnets.this.ids}", "idle_timeout": 30},
    "aws_lb_target_group": {
        "name": "a",
        "port": 80,
        "protocol": "HTTP",
        "vpc_id": "${data.aws_vpc.this.id}",
        "health_check": {"path": "/a", "matcher": "200"},
    },
    "aws_lb_listener": {
        "load_balancer_arn": "${aws_lb.this.arn}",
        "port": 80,
        "protocol": "HTTP",
        "default_action": {"type": "forward", "target_group_arn": "${aws_lb_target_group.this.arn}"},
    },
    "aws_launch_template": {
        "name": "a",
        "image_id": "${data.aws_ami.this.id}",
        "instance_type": "t3.micro",
        "vpc_security_group_ids": ["${aws_security_group.this.id}"],
        "update_default_version": True,
    },
    "aws_autoscaling_group": {
        "name": "a",
        "min_size": 0,
        "max_size": 1,
        "vpc_zone_identifier": ["${aws_subnet.this.id}"],
        "launch_template": {"id": "${aws_launch_template.this.id}", "version": "$Latest"},
        "tag": {"key": "Name", "value": "a", "propagate_at_launch": True},
    },
    "aws_iam_policy": {"name": "a"},
    "aws_iam_role": {"name": "a", "assume_role_policy": _policy("sts:AssumeRole", Principal="*")},
    "aws_iam_instance_profile": {"name": "a", "role": "${aws_iam_role.this.name}"},
    "aws_iam_user": {},
    "aws_iam_user_policy_attachment": {},
    "aws_s3_bucket": {"bucket": "records", "acl": "private", "force_destroy": True},
    "aws_s3_bucket_cors_configuration": {"cors_rule": {"allowed_methods": ["GET"], "allowed_origins": ["*"]}},
    "aws_s3_bucket_website_configuration": {"index_document": {"suffix": "index.html"}},
    "aws_s3_bucket_ownership_controls": {"rule": {"object_ownership": "BucketOwnerPreferred"}},
    "aws_s3_bucket_acl": {"bucket": "${aws_s3_bucket_ownership_controls.this.id}", "acl": "private"},
    "aws_sqs_queue": {"name": "a"},
    "aws_lambda_function": {
        "function_name": "a",
        "package_type": "Image",
        "image_uri": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/a:1",
        "role": "${aws_iam_role.this.arn}",
        "vpc_config": {
            "subnet_ids": ["${aws_subnet.this.id}"],
            "security_group_ids": ["${aws_security_group.this.id}"],
        },
    },
    "aws_lambda_event_source_mapping": {
        "event_source_arn": "${aws_sqs_queue.this.arn}",
        "function_name": "${aws_lambda_function.this.arn}",
        "batch_size": 5,
        "enabled": False,
    },
    "aws_s3_bucket_notification": {
        "queue": {"queue_arn": "${aws_sqs_queue.this.arn}", "events": ["s3:ObjectCreated:*"], "filter_prefix": "a"}
    },
    "aws_budgets_budget": {
        "name": "a",
        "budget_type": "COST",
        "limit_amount": "10",
        "limit_unit": "USD",
        "time_unit": "MONTHLY",
        "cost_filter": {"name": "TagKeyValue", "values": ["user:Stage$prod"]},
        "notification": NOTIFIED,
    },
    "aws_secretsmanager_secret": {"name": "a", "recovery_window_in_days": 0, "description": "d"},
    "aws_secretsmanager_secret_version": {"secret_id": "${aws_secretsmanager_secret.this.id}", "secret_string": "s"},
    "aws_kms_key": {"description": "a"},
    "aws_kms_alias": {"name": "alias/a", "target_key_id": "${aws_kms_key.this.key_id}"},
    "aws_apigatewayv2_api": {"protocol_type": "HTTP", "cors_configuration": {"allow_origins": ["*"]}},
    "aws_apigatewayv2_integration": {
        "integration_type": "AWS_PROXY",
        "integration_uri": "${aws_lambda_function.this.arn}",
        "payload_format_version": "2.0",
    },
    "aws_apigatewayv2_route": {"route_key": "GET /a", "target": "integrations/${aws_apigatewayv2_integration.this.id}"},
    "aws_apigatewayv2_authorizer": {
        "authorizer_type": "JWT",
        "identity_sources": ["$request.header.Authorization"],
        "jwt_configuration": {"audience": ["a"], "issuer": "https://a.example"},
    },
    "aws_apigatewayv2_deployment": {
        "api_id": "${aws_apigatewayv2_route.this.api_id}",
        "description": "a",
        "triggers": {"a": "b"},
    },
    "aws_apigatewayv2_stage": {"name": "$default", "auto_deploy": True},
    "aws_ecs_cluster": {},
    "aws_ecs_task_definition": {
        "family": "a",
        "container_definitions": '[{"name": "a", "image": "nginx", "portMappings": [{"containerPort": 80}]}]',
        "cpu": "256",
        "memory": "512",
        "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"],
        "volume": {"name": "a", "host_path": "/a"},
    },
    "aws_ecs_service": {
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
    },
    "aws_db_subnet_group": {"name": "a"},
    "aws_db_instance": {
        "identifier": "a",
        "engine": "postgres",
        "engine_version": "16",
        "instance_class": "db.t3.micro",
        "allocated_storage": 20,
        "username": "root",
        "manage_master_user_password": True,
        "enabled_cloudwatch_logs_exports": ["postgresql"],
        "db_name": "a",
        "db_subnet_group_name": "${aws_db_subnet_group.this.name}",
        "vpc_security_group_ids": ["${aws_security_group.this.id}"],
        "skip_final_snapshot": True,
    },
    "aws_route53_zone": {"name": "a.example", "force_destroy": True},
    "aws_route53_record": {
        "zone_id": "${aws_route53_zone.this.zone_id}",
        "name": "www",
        "type": "A",
        "ttl": 60,
        "records": ["10.0.0.1"],
    },
    "aws_acm_certificate": {
        "domain_name": "a.example",
        "validation_method": "DNS",
        "subject_alternative_names": ["b.a.example"],
    },
    "aws_acm_certificate_validation": {},
    "aws_lambda_function_url": {"authorization_type": "NONE"},
    "aws_lambda_layer_version": {
        "layer_name": "a",
        "filename": "${data.archive_file.this.output_path}",
        "compatible_runtimes": ["python3.12"],
    },
    "aws_sfn_state_machine": {
        "name": "a",
        "definition": '{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}',
        "tracing_configuration": {"enabled": True},
    },
    "aws_cognito_user_pool": {"password_policy": {"minimum_length": 10}, "auto_verified_attributes": ["email"]},
    "aws_cognito_user_pool_client": {"explicit_auth_flows": ["ALLOW_USER_SRP_AUTH"]},
    "aws_vpc_security_group_ingress_rule": {
        "cidr_ipv4": "10.8.0.0/16",
        "ip_protocol": "tcp",
        "from_port": 80,
        "to_port": 80,
        "description": "a",
    },
    "aws_vpc_security_group_egress_rule": {"cidr_ipv4": "10.9.0.0/16", "ip_protocol": "-1"},
    "aws_cloudwatch_event_rule": {"name": "a", "schedule_expression": "rate(1 hour)"},
    "aws_cloudwatch_event_target": {
        "rule": "${aws_cloudwatch_event_rule.this.name}",
        "arn": "${aws_sqs_queue.this.arn}",
        "input": '{"a": 1}',
    },
    "aws_iam_policy_attachment": {"roles": ["${aws_iam_role.this.name}"], "policy_arn": READ_ONLY},
    "aws_s3_bucket_policy": {"policy": _policy("s3:Get*", Principal="*", Resource="arn:aws:s3:::records/*")},
    "aws_cloudfront_origin_access_control": {
        "origin_access_control_origin_type": "s3",
        "signing_behavior": "always",
        "signing_protocol": "sigv4",
    },
    "aws_cloudfront_distribution": {
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
    },
    "aws_s3_object": {"key": "a/b.txt", "content": "a", "content_type": "text/plain"},
    "aws_apigatewayv2_domain_name": {
        "domain_name": "a.example",
        "domain_name_configuration": {
            "certificate_arn": "${aws_acm_certificate.this.arn}",
            "endpoint_type": "REGIONAL",
            "security_policy": "TLS_1_2",
        },
    },
    "aws_apigatewayv2_api_mapping": {
        "domain_name": "${aws_apigatewayv2_domain_name.this.id}",
        "stage": "${aws_apigatewayv2_stage.this.id}",
    },
    "aws_lb_target_group_attachment": {
        "target_group_arn": "${aws_lb_target_group.this.arn}",
        "target_id": "${aws_instance.this.id}",
        "port": 8080,
    },
    "aws_lb_listener_rule": {
        "priority": 5,
        "action": {"type": "forward", "target_group_arn": "${aws_lb_target_group.this.arn}"},
        "condition": [{"path_pattern": {"values": ["/a/*"]}}, {"host_header": {"values": ["a.example"]}}],
    },
    "aws_lb_listener_certificate": {},
    "aws_db_parameter_group": {
        "name": "a",
        "family": "postgres16",
        "parameter": [{"name": "log_connections", "value": "1"}],
    },
    "aws_rds_cluster_parameter_group": {
        "name": "a",
        "family": "aurora-postgresql16",
        "parameter": [{"name": "log_statement", "value": "all"}],
    },
    "aws_rds_cluster": {
        "cluster_identifier": "a",
        "engine": "aurora-postgresql",
        "database_name": "a",
        "master_username": "root",
        "master_password": "password",
        "enabled_cloudwatch_logs_exports": ["postgresql"],
        "db_subnet_group_name": "${aws_db_subnet_group.this.name}",
        "db_cluster_parameter_group_name": "${aws_rds_cluster_parameter_group.this.name}",
        "vpc_security_group_ids": ["${aws_security_group.this.id}"],
        "skip_final_snapshot": True,
    },
    "aws_rds_cluster_instance": {
        "identifier": "a-1",
        "cluster_identifier": "${aws_rds_cluster.this.id}",
        "engine": "${aws_rds_cluster.this.engine}",
        "instance_class": "db.r6g.large",
    },
    "aws_elasticache_subnet_group": {},
    "aws_elasticache_parameter_group": {"family": "redis7", "parameter": [{"name": "activerehashing", "value": "no"}]},
    "aws_elasticache_cluster": {
        "cluster_id": "a",
        "engine": "redis",
        "node_type": "cache.t3.micro",
        "num_cache_nodes": 1,
        "subnet_group_name": "${aws_elasticache_subnet_group.this.name}",
        "security_group_ids": ["${aws_security_group.this.id}"],
    },
    "aws_elasticache_replication_group": {
        "replication_group_id": "b",
        "description": "d",
        "engine": "redis",
        "node_type": "cache.t3.micro",
        "num_cache_clusters": 2,
        "at_rest_encryption_enabled": True,
        "kms_key_id": "${aws_kms_key.this.arn}",
        "automatic_failover_enabled": True,
        "subnet_group_name": "${aws_elasticache_subnet_group.this.name}",
        "security_group_ids": ["${aws_security_group.this.id}"],
    },
    "aws_efs_file_system": {"encrypted": True, "lifecycle_policy": [{"transition_to_ia": "AFTER_30_DAYS"}]},
    "aws_efs_mount_target": {
        "subnet_id": "${aws_subnet.this.id}",
        "security_groups": ["${aws_security_group.this.id}"],
    },
    "aws_efs_access_point": {
        "posix_user": {"uid": 1000, "gid": 1000},
        "root_directory": {"path": "/a", "creation_info": {"owner_uid": 1000, "owner_gid": 1000, "permissions": "755"}},
    },
    "aws_kinesis_stream": {"shard_count": 1, "retention_period": 48},
    "aws_iam_group": {},
    "aws_iam_user_policy": {"name": "a"},
    "aws_iam_group_policy": {"name": "a"},
    "aws_iam_group_policy_attachment": {},
    "aws_iam_group_membership": {"users": ["${aws_iam_user.this.name}"]},
    "aws_iam_user_group_membership": {"groups": ["${aws_iam_group.this.name}"]},
    "aws_iam_access_key": {},
    "aws_iam_openid_connect_provider": {
        "url": "https://token.actions.githubusercontent.com",
        "client_id_list": ["sts.amazonaws.com"],
        "thumbprint_list": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
    },
    "aws_cloudwatch_log_group": {"name": "a"},
    "aws_cloudwatch_log_stream": {},
    "aws_cloudwatch_log_subscription_filter": {
        "filter_pattern": "",
        "destination_arn": "${aws_kinesis_stream.this.arn}",
        "role_arn": "${aws_iam_role.this.arn}",
    },
    "aws_cloudwatch_log_resource_policy": {
        "policy_name": "a",
        "policy_document": _policy("logs:PutLogEvents", Principal="*", Resource="*"),
    },
    "aws_scheduler_schedule_group": {"name": "a"},
    "aws_scheduler_schedule": {
        "name": "a",
        "group_name": "${aws_scheduler_schedule_group.this.name}",
        "schedule_expression": "rate(1 hour)",
        "flexible_time_window": {"mode": "OFF"},
        "target": {"arn": "${aws_sqs_queue.this.arn}", "role_arn": "${aws_iam_role.this.arn}", "input": "{}"},
    },
    "aws_cognito_user_pool_domain": {"domain": "a"},
    "aws_cognito_user_group": {"precedence": 1},
    "aws_cognito_resource_server": {"identifier": "a", "scope": [{"scope_name": "read", "scope_description": "d"}]},
    "aws_cognito_identity_pool": {
        "identity_pool_name": "a",
        "allow_unauthenticated_identities": False,
        "cognito_identity_providers": [
            {
                "client_id": "${aws_cognito_user_pool_client.this.id}",
                "provider_name": "${aws_cognito_user_pool.this.endpoint}",
            }
        ],
    },
    "aws_cognito_identity_pool_roles_attachment": {
        "identity_pool_id": "${aws_cognito_identity_pool.this.id}",
        "roles": {"authenticated": "${aws_iam_role.this.arn}"},
    },
    "aws_wafv2_ip_set": {"name": "a", "scope": "REGIONAL", "ip_address_version": "IPV4", "addresses": ["10.0.0.0/8"]},
    "aws_vpc_endpoint": {
        "service_name": "com.amazonaws.eu-central-1.s3",
        "route_table_ids": ["${aws_route_table.this.id}"],
    },
    "aws_vpc_peering_connection": {"peer_vpc_id": "${aws_default_vpc.this.id}", "auto_accept": True},
    "aws_flow_log": {
        "vpc_id": "${aws_vpc.this.id}",
        "traffic_type": "ALL",
        "log_destination": "${aws_cloudwatch_log_group.this.arn}",
        "iam_role_arn": "${aws_iam_role.this.arn}",
    },
    "aws_ebs_volume": {"availability_zone": "${aws_instance.this.availability_zone}", "size": 10, "type": "gp3"},
    "aws_volume_attachment": {
        "device_name": "/dev/sdh",
        "volume_id": "${aws_ebs_volume.this.id}",
        "instance_id": "${aws_instance.this.id}",
    },
    "aws_eip_association": {"allocation_id": "${aws_eip.this.id}", "instance_id": "${aws_instance.this.id}"},
    "aws_egress_only_internet_gateway": {},
    "aws_autoscaling_policy": {
        "policy_type": "TargetTrackingScaling",
        "target_tracking_configuration": {
            "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
            "target_value": 50,
        },
    },
    "aws_autoscaling_schedule": {
        "scheduled_action_name": "a",
        "recurrence": "0 8 * * *",
        "min_size": 0,
        "max_size": 1,
        "desired_capacity": 1,
    },
    "aws_launch_configuration": {
        "name": "a",
        "image_id": "${data.aws_ami.this.id}",
        "instance_type": "t3.micro",
        "security_groups": ["${aws_security_group.this.id}"],
        "user_data": "#!/bin/sh",
    },
    "aws_cloudfront_origin_access_identity": {"comment": "a"},
    "aws_service_discovery_http_namespace": {"name": "b", "description": "d"},
    "aws_service_discovery_private_dns_namespace": {"name": "a.local", "vpc": "${aws_vpc.this.id}"},
    "aws_service_discovery_service": {
        "dns_config": {
            "namespace_id": "${aws_service_discovery_private_dns_namespace.this.id}",
            "dns_records": [{"ttl": 10, "type": "A"}],
        }
    },
    "aws_eks_cluster": {"vpc_config": {"subnet_ids": "${data.aws_subnets.this.ids}"}},
    "aws_eks_node_group": {
        "cluster_name": "${aws_eks_cluster.this.name}",
        "node_group_name": "a",
        "node_role_arn": "${aws_iam_role.this.arn}",
        "scaling_config": {"desired_size": 1, "max_size": 2, "min_size": 1},
    },
    "aws_ses_email_identity": {"email": "a@a.example"},
    "aws_ses_domain_identity": {"domain": "b.example"},
    "aws_ses_domain_dkim": {"domain": "${aws_ses_domain_identity.this.domain}"},
    "aws_cloudtrail": {"s3_bucket_name": "${aws_s3_bucket.this.id}"},
    "aws_s3_bucket_lifecycle_configuration": {
        "rule": [
            {
                "id": "a",
                "status": "Enabled",
                "filter": [{"prefix": "a/"}],
                "expiration": [{"days": 30}],
                "transition": [{"days": 10, "storage_class": "GLACIER"}],
            }
        ]
    },
    "aws_s3_bucket_logging": {"target_bucket": "${aws_s3_bucket.this.id}", "target_prefix": "a/"},
    "aws_sns_topic": {"name": "a"},
    "aws_sns_topic_policy": {
        "arn": "${aws_sns_topic.this.arn}",
        "policy": _policy("sns:Publish", Principal="*", Resource="*"),
    },
    "aws_dynamodb_table": {
        "name": "records",
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
        "attribute": [{"name": "id", "type": "S"}],
    },
    "aws_ecr_repository": {"name": "records"},
    "aws_route53_health_check": {"type": "HTTPS", "fqdn": "a.example", "port": 443, "failure_threshold": 3},
    "aws_rds_global_cluster": {
        "global_cluster_identifier": "g",
        "engine": "aurora-postgresql",
        "engine_version": "16.9",
        "storage_encrypted": True,
    },
    "aws_vpc_peering_connection_accepter": {
        "vpc_peering_connection_id": "${aws_vpc_peering_connection.this.id}",
        "auto_accept": True,
    },
    "aws_secretsmanager_secret_rotation": {
        "secret_id": "${aws_secretsmanager_secret_version.this.secret_id}",
        "rotation_lambda_arn": "${aws_lambda_function.this.arn}",
        "rotation_rules": {"automatically_after_days": 30},
    },
    "aws_s3_bucket_replication_configuration": {
        "bucket": "${aws_s3_bucket_versioning.this.id}",
        "role": "${aws_iam_role.this.arn}",
        "rule": [
            {
                "id": "a",
                "priority": 1,
                "status": "Enabled",
                "filter": {"prefix": "a/"},
                "delete_marker_replication": {"status": "Disabled"},
                "destination": {"bucket": "arn:aws:s3:::replicas", "storage_class": "STANDARD"},
            }
        ],
    },
    "aws_s3_bucket_versioning": {"versioning_configuration": {"status": "Enabled"}},
}
"""Type -> arguments, without tags and what REQUIRED has."""

CHANGES: dict[str, Config] = {
    "aws_route53_health_check": {"resource_path": "/a", "failure_threshold": 5},
    "aws_secretsmanager_secret_rotation": {"rotation_rules": {"automatically_after_days": 60}},
    "aws_s3_bucket_replication_configuration": {
        "rule": [{"id": "b", "status": "Enabled", "destination": {"bucket": "arn:aws:s3:::replicas"}}]
    },
    "aws_vpc": {"enable_dns_hostnames": False},
    "aws_subnet": {"map_public_ip_on_launch": False},
    "aws_route_table": {"route": [{"cidr_block": "1.0.0.0/8", "gateway_id": "${aws_internet_gateway.this.id}"}]},
    "aws_route_table_association": {"route_table_id": "${aws_vpc.this.main_route_table_id}"},
    "aws_security_group": {
        "ingress": [{**WEB, "from_port": 8080, "to_port": 8081}, {**WEB, "cidr_blocks": [], "self": True}]
    },
    "aws_instance": {"instance_type": "t3.small", "root_block_device": {"volume_size": 30}},
    "aws_eip": {"instance": None},
    "aws_lb": {"idle_timeout": 90},
    "aws_lb_target_group": {
        "health_check": {"path": "/b", "matcher": "200-299", "interval": 10},
        "deregistration_delay": 60,
    },
    "aws_lb_listener": {
        "port": 8080,
        "default_action": {"type": "redirect", "redirect": {"port": "443", "status_code": "HTTP_301"}},
    },
    "aws_launch_template": {"instance_type": "t3.small"},
    "aws_autoscaling_group": {
        "max_size": 2,
        "tag": {"key": "Name", "value": "b", "propagate_at_launch": True},
        "target_group_arns": ["${aws_lb_target_group.this.arn}"],
    },
    "aws_iam_policy": {"policy": _policy("s3:*")},
    "aws_s3_bucket_cors_configuration": {
        "cors_rule": {"allowed_methods": ["PUT"], "allowed_origins": ["*"], "max_age_seconds": 60}
    },
    "aws_s3_bucket_website_configuration": {"error_document": {"key": "error.html"}},
    "aws_s3_bucket_ownership_controls": {"rule": {"object_ownership": "ObjectWriter"}},
    "aws_lambda_event_source_mapping": {"batch_size": 6},
    "aws_s3_bucket_notification": {
        "queue": {"queue_arn": "${aws_sqs_queue.this.arn}", "events": ["s3:ObjectRemoved:*"], "filter_suffix": "b"}
    },
    "aws_budgets_budget": {"limit_amount": "20", "notification": {**NOTIFIED, "threshold": 80}},
    "aws_secretsmanager_secret": {"description": "e"},
    "aws_apigatewayv2_api": {"description": "d", "cors_configuration": {"allow_origins": ["https://a.example"]}},
    "aws_apigatewayv2_integration": {"timeout_milliseconds": 2000},
    "aws_apigatewayv2_route": {"route_key": "GET /b"},
    "aws_apigatewayv2_authorizer": {"jwt_configuration": {"audience": ["b"], "issuer": "https://a.example"}},
    "aws_apigatewayv2_stage": {
        "description": "d",
        "default_route_settings": {"throttling_burst_limit": 5, "throttling_rate_limit": 5},
    },
    "aws_ecs_cluster": {"setting": {"name": "containerInsights", "value": "enabled"}},
    "aws_ecs_service": {"desired_count": 2, "deployment_maximum_percent": 150},
    "aws_db_subnet_group": {"description": "d"},
    "aws_db_instance": {
        "allocated_storage": 30,
        "backup_retention_period": 3,
        "enabled_cloudwatch_logs_exports": ["upgrade"],
    },
    "aws_route53_zone": {"comment": "c"},
    "aws_route53_record": {"ttl": 90, "records": ["10.0.0.1", "10.0.0.2"]},
    "aws_lambda_function_url": {"cors": {"allow_origins": ["*"]}, "authorization_type": "AWS_IAM"},
    "aws_sfn_state_machine": {"definition": '{"StartAt": "b", "States": {"b": {"Type": "Succeed"}}}'},
    "aws_cognito_user_pool": {"password_policy": {"minimum_length": 12}},
    "aws_cognito_user_pool_client": {"callback_urls": ["https://a.example"]},
    "aws_vpc_security_group_ingress_rule": {"cidr_ipv4": "10.1.0.0/16"},
    "aws_vpc_security_group_egress_rule": {"description": "b"},
    "aws_cloudwatch_event_rule": {"schedule_expression": "rate(2 hours)", "state": "DISABLED"},
    "aws_cloudwatch_event_target": {"input": '{"a": 2}'},
    "aws_iam_policy_attachment": {"users": ["${aws_iam_user.this.name}"]},
    "aws_s3_bucket_policy": {"policy": _policy("s3:*", Principal="*", Resource="arn:aws:s3:::records/*")},
    "aws_cloudfront_origin_access_control": {"description": "b"},
    "aws_cloudfront_distribution": {"default_root_object": "index.html", "aliases": ["a.example"]},
    "aws_s3_object": {"content": "b", "metadata": {"a": "b"}},
    "aws_apigatewayv2_api_mapping": {"api_mapping_key": "v1"},
    "aws_lb_listener_rule": {"priority": 6, "condition": {"path_pattern": {"values": ["/b/*"]}}},
    "aws_db_parameter_group": {"parameter": [{"name": "log_disconnections", "value": "1"}]},
    "aws_rds_cluster_parameter_group": {"parameter": [{"name": "log_statement", "value": "none"}]},
    "aws_rds_cluster": {
        "backup_retention_period": 3,
        "deletion_protection": False,
        "enabled_cloudwatch_logs_exports": [],
    },
    "aws_lambda_function": {"vpc_config": None},
    "aws_rds_cluster_instance": {"promotion_tier": 1},
    "aws_elasticache_subnet_group": {"description": "d"},
    "aws_elasticache_parameter_group": {"parameter": [{"name": "activerehashing", "value": "yes"}]},
    "aws_elasticache_cluster": {"node_type": "cache.t3.small"},
    "aws_elasticache_replication_group": {"description": "e", "snapshot_retention_limit": 3},
    "aws_efs_file_system": {"lifecycle_policy": [{"transition_to_ia": "AFTER_60_DAYS"}], "throughput_mode": "elastic"},
    "aws_efs_mount_target": {"security_groups": ["${aws_vpc.this.default_security_group_id}"]},
    "aws_kinesis_stream": {"shard_count": 2, "retention_period": 24},
    "aws_iam_user_policy": {"policy": _policy("s3:*")},
    "aws_iam_group_policy": {"policy": _policy("s3:*")},
    "aws_iam_access_key": {"status": "Inactive"},
    "aws_cloudwatch_log_subscription_filter": {"filter_pattern": "ERROR"},
    "aws_cloudwatch_log_resource_policy": {"policy_document": _policy("logs:*", Principal="*", Resource="*")},
    "aws_scheduler_schedule": {"schedule_expression": "rate(2 hours)", "state": "DISABLED"},
    "aws_cognito_resource_server": {"name": "b"},
    "aws_cognito_identity_pool": {"allow_unauthenticated_identities": True},
    "aws_cognito_identity_pool_roles_attachment": {"roles": {"unauthenticated": "${aws_iam_role.this.arn}"}},
    "aws_wafv2_ip_set": {"addresses": ["10.0.0.0/16"]},
    "aws_vpc_endpoint": {"route_table_ids": ["${aws_vpc.this.main_route_table_id}"]},
    "aws_ebs_volume": {"size": 20},
    "aws_autoscaling_policy": {
        "target_tracking_configuration": {
            "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
            "target_value": 60,
        }
    },
    "aws_autoscaling_schedule": {"recurrence": "0 9 * * *"},
    "aws_cloudfront_origin_access_identity": {"comment": "b"},
    "aws_service_discovery_service": {
        "dns_config": {
            "namespace_id": "${aws_service_discovery_private_dns_namespace.this.id}",
            "dns_records": [{"ttl": 20, "type": "A"}],
        }
    },
    "aws_cloudtrail": {"enable_logging": False, "include_global_service_events": False},
    "aws_s3_bucket_lifecycle_configuration": {
        "rule": [{"id": "b", "status": "Enabled", "noncurrent_version_expiration": [{"noncurrent_days": 5}]}]
    },
    "aws_s3_bucket_logging": {"target_prefix": "b/"},
    "aws_sns_topic_policy": {"policy": _policy("sns:Subscribe", Principal="*", Resource="*")},
}
"""Type -> other arguments, without tags."""

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
    "archive_file": {"type": "zip", "output_path": "a.zip", "source_content": "a", "source_content_filename": "a.py"},
}
