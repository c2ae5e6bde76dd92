"""ElastiCache: clusters, replication groups and subnet groups; records, no cache is started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls, Wait
from ..resource import AwsResource
from .rds import RDS_TAGGING

_BUSY = ("creating", "modifying", "deleting", "snapshotting", "create-failed")


class _Cache(AwsResource):
    """The embedded cloud does not answer the security groups of a cache."""

    service, derived, lenient, tagging = "elasticache", True, True, RDS_TAGGING


class CacheSubnetGroup(_Cache):
    type_name, label, named_by = "aws_elasticache_subnet_group", "ElastiCache Subnet Group", "name"
    calls = Calls(
        "create_cache_subnet_group",
        "describe_cache_subnet_groups",
        "modify_cache_subnet_group",
        "delete_cache_subnet_group",
    )
    answer, found_by, noun = "CacheSubnetGroups[]", ("name",), "CacheSubnetGroup"
    names = {"arn": "ARN", "subnet_ids": "Subnets[].SubnetIdentifier|SubnetIds"}


class CacheCluster(_Cache):
    type_name, label, named_by = "aws_elasticache_cluster", "ElastiCache Cluster", "cluster_id"
    calls = Calls("create_cache_cluster", "describe_cache_clusters", "modify_cache_cluster", "delete_cache_cluster")
    answer, found_by, noun = "CacheClusters[]", ("cluster_id",), "Cache"
    extra = {"modify_cache_cluster": {"ApplyImmediately": True}, "describe_cache_clusters": {"ShowCacheNodeInfo": True}}
    names = {
        "cluster_id": "CacheClusterId",
        "arn": "ARN",
        "availability_zone": "PreferredAvailabilityZone",
        "cluster_address": "ConfigurationEndpoint.Address",
        "maintenance_window": "PreferredMaintenanceWindow",
        "notification_topic_arn": "NotificationConfiguration.TopicArn|NotificationTopicArn",
        "parameter_group_name": "CacheParameterGroup.CacheParameterGroupName|CacheParameterGroupName",
        "port": "ConfigurationEndpoint.Port|Port",
        "subnet_group_name": "CacheSubnetGroupName",
    }
    computed = {"engine_version_actual": "{engine_version}"}
    waits = Wait("CacheClusterStatus", _BUSY)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        nodes = [
            {
                "id": node["CacheNodeId"],
                "address": node.get("Endpoint", {}).get("Address"),
                "port": node.get("Endpoint", {}).get("Port"),
                "availability_zone": node.get("CustomerAvailabilityZone"),
                "outpost_arn": "",
            }
            for node in found.get("CacheNodes", ())
        ]
        values = super().parsed(aws, state, found)
        address = (
            f"{found['ConfigurationEndpoint']['Address']}:{values['port']}"
            if "ConfigurationEndpoint" in found
            else None
        )
        return {
            **values,
            "port": values["port"] or (nodes[0]["port"] if nodes else None),
            "cache_nodes": nodes,
            "configuration_endpoint": address,
        }


class ReplicationGroup(_Cache):
    type_name, label = "aws_elasticache_replication_group", "ElastiCache Replication Group"
    named_by, noun = "replication_group_id", "ReplicationGroup"
    calls = Calls(
        "create_replication_group",
        "describe_replication_groups",
        "modify_replication_group",
        "delete_replication_group",
    )
    answer, found_by = "ReplicationGroups[]", ("replication_group_id",)
    extra = {"modify_replication_group": {"ApplyImmediately": True}}
    names = {
        "arn": "ARN",
        "node_type": "CacheNodeType",
        "maintenance_window": "PreferredMaintenanceWindow",
        "parameter_group_name": "CacheParameterGroupName",
        "preferred_cache_cluster_azs": "PreferredCacheClusterAZs",
        "configuration_endpoint_address": "ConfigurationEndpoint.Address",
        "subnet_group_name": "CacheSubnetGroupName",
    }
    waits = Wait("Status", _BUSY)
    kept = ("auth_token_update_strategy",)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        groups = found.get("NodeGroups") or [{}]
        ends = {
            name: groups[0].get(member, {})
            for name, member in (("primary", "PrimaryEndpoint"), ("reader", "ReaderEndpoint"))
        }
        return {
            **super().parsed(aws, state, found),
            "automatic_failover_enabled": found.get("AutomaticFailover") in ("enabled", "enabling"),
            "multi_az_enabled": found.get("MultiAZ") == "enabled",
            "num_cache_clusters": len(found["MemberClusters"]),
            "num_node_groups": len(groups),
            "replicas_per_node_group": len(found["MemberClusters"]) // len(groups) - 1,
            "engine_version_actual": state.get("engine_version"),
            **{f"{name}_endpoint_address": endpoint.get("Address") for name, endpoint in ends.items()},
        }
