"""ElastiCache: clusters, replication groups and subnet groups; records, no cache is started."""

from __future__ import annotations

from ..model import value_at
from ..resource import Answer, Aws, AwsResource, Calls, Values, Wait
from .rds import RDS_TAGGING

_BUSY = ("creating", "modifying", "deleting", "snapshotting", "create-failed")


# The embedded cloud keeps no other destination.
_LOGS = {"log_delivery_configuration.destination": "DestinationDetails.CloudWatchLogsDetails.LogGroup"}


class _Cache(AwsResource):
    service, derived, lenient, tagging = "elasticache", True, True, RDS_TAGGING


class CacheSubnetGroup(_Cache):
    type_name, label, named_by = "aws_elasticache_subnet_group", "ElastiCache Subnet Group", "name"
    calls = Calls.of("cache_subnet_group", read="describe*", update="modify")
    answer, found_by, noun = "CacheSubnetGroups[]", ("name",), "CacheSubnetGroup"
    names = {"subnet_ids": "Subnets[].SubnetIdentifier|SubnetIds"}


class CacheCluster(_Cache):
    type_name, label, named_by = "aws_elasticache_cluster", "ElastiCache Cluster", "cluster_id"
    calls = Calls.of("cache_cluster", read="describe*", update="modify")
    answer, found_by, noun = "CacheClusters[]", ("cluster_id",), "Cache"
    extra = {"modify_cache_cluster": {"ApplyImmediately": True}, "describe_cache_clusters": {"ShowCacheNodeInfo": True}}
    names = {
        **_LOGS,
        "availability_zone": "PreferredAvailabilityZone",
        "cluster_address": "ConfigurationEndpoint.Address",
        "maintenance_window": "PreferredMaintenanceWindow",
        "notification_topic_arn": "NotificationConfiguration.TopicArn|NotificationTopicArn",
        "parameter_group_name": "CacheParameterGroup.CacheParameterGroupName|CacheParameterGroupName",
        "port": "ConfigurationEndpoint.Port|Port",
        "security_group_ids": "SecurityGroups[].SecurityGroupId|SecurityGroupIds",
    }
    computed = {"engine_version_actual": "{engine_version}"}
    waits = Wait("CacheClusterStatus", _BUSY)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        nodes = [
            {
                "id": node["CacheNodeId"],
                "address": value_at(node, "Endpoint.Address"),
                "port": value_at(node, "Endpoint.Port"),
                "availability_zone": node.get("CustomerAvailabilityZone"),
                "outpost_arn": "",
            }
            for node in found.get("CacheNodes", ())
        ]
        values = super().parsed(aws, state, found)
        if "ConfigurationEndpoint" in found:
            values["configuration_endpoint"] = f"{values['cluster_address']}:{values['port']}"
        return {**values, "port": values["port"] or (nodes[0]["port"] if nodes else None), "cache_nodes": nodes}


class ReplicationGroup(_Cache):
    type_name, label = "aws_elasticache_replication_group", "ElastiCache Replication Group"
    named_by, noun = "replication_group_id", "ReplicationGroup"
    calls = Calls.of("replication_group", read="describe*", update="modify")
    answer, found_by = "ReplicationGroups[]", ("replication_group_id",)
    extra = {"modify_replication_group": {"ApplyImmediately": True}}
    names = {
        **_LOGS,
        "automatic_failover_enabled": "AutomaticFailover|AutomaticFailoverEnabled",
        "multi_az_enabled": "MultiAZ|MultiAZEnabled",
        "node_type": "CacheNodeType",
        "maintenance_window": "PreferredMaintenanceWindow",
        "parameter_group_name": "CacheParameterGroupName",
        "configuration_endpoint_address": "ConfigurationEndpoint.Address",
        "subnet_group_name": "CacheSubnetGroupName",
    }
    waits = Wait("Status", _BUSY)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        groups = found.get("NodeGroups") or [{}]
        return {
            **super().parsed(aws, state, found),
            "num_cache_clusters": len(found["MemberClusters"]),
            "num_node_groups": len(groups),
            "replicas_per_node_group": len(found["MemberClusters"]) // len(groups) - 1,
            "engine_version_actual": state.get("engine_version"),
            "primary_endpoint_address": value_at(groups[0], "PrimaryEndpoint.Address"),
            "reader_endpoint_address": value_at(groups[0], "ReaderEndpoint.Address"),
        }
