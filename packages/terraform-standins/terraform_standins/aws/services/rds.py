"""RDS: instances, clusters and subnet groups; records, no database is started."""

from __future__ import annotations

from typing import ClassVar

from ..model import Names
from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait

RDS_TAGGING = Tagging("arn", "list_tags_for_resource", "add_tags_to_resource", "remove_tags_from_resource")


_SHARED = {
    "enabled_cloudwatch_logs_exports": "EnabledCloudwatchLogsExports|EnableCloudwatchLogsExports",
    "final_snapshot_identifier": "FinalDBSnapshotIdentifier",
    "iam_database_authentication_enabled": "IAMDatabaseAuthenticationEnabled|EnableIAMDatabaseAuthentication",
    "performance_insights_enabled": "PerformanceInsightsEnabled|EnablePerformanceInsights",
    "vpc_security_group_ids": "VpcSecurityGroups[].VpcSecurityGroupId|VpcSecurityGroupIds",
}


class _Rds(AwsResource):
    service, derived, lenient = "rds", True, True
    tagging = RDS_TAGGING


class SubnetGroup(_Rds):
    type_name, label, noun, named_by = "aws_db_subnet_group", "RDS DB Subnet Group", "DBSubnetGroup", "name"
    calls = Calls.of("db_subnet_group", read="describe*", update="modify")
    answer, found_by = "DBSubnetGroups[]", ("name",)
    names = {"subnet_ids": "Subnets[].SubnetIdentifier|SubnetIds"}


class Instance(_Rds):
    type_name, label, noun, named_by = "aws_db_instance", "RDS DB Instance", "DBInstance", "identifier"
    calls = Calls.of("db_instance", read="describe*", update="modify")
    answer, found_by = "DBInstances[]", ("identifier",)
    extra = {"modify_db_instance": {"ApplyImmediately": True}}
    names: ClassVar[Names] = {
        "id": "DbiResourceId",
        "resource_id": "DbiResourceId",
        "address": "Endpoint.Address",
        "hosted_zone_id": "Endpoint.HostedZoneId",
        "port": "Endpoint.Port|Port",
        "instance_class": "DBInstanceClass",
        "username": "MasterUsername",
        "password": "MasterUserPassword",
        "backup_window": "PreferredBackupWindow",
        "maintenance_window": "PreferredMaintenanceWindow",
        "ca_cert_identifier": "CACertificateIdentifier",
        "db_subnet_group_name": "DBSubnetGroup.DBSubnetGroupName|DBSubnetGroupName",
        **_SHARED,
        "parameter_group_name": "DBParameterGroups[].DBParameterGroupName|DBParameterGroupName",
    }
    computed = {
        "endpoint": "{address}:{port}",
        "engine_version_actual": "{engine_version}",
    }
    suppress = {"engine_version": lambda old, new: old == new or old.startswith(f"{new}.")}
    waits = Wait("DBInstanceStatus", ("creating", "modifying", "deleting", "backing-up", "rebooting"))


class ClusterInstance(Instance):
    type_name, label = "aws_rds_cluster_instance", "RDS Cluster Instance"
    names = {
        **{name: path for name, path in Instance.names.items() if name not in ("id", "backup_window")},
        "cluster_identifier": "DBClusterIdentifier",
        "endpoint": "Endpoint.Address",
        "db_parameter_group_name": Instance.names["parameter_group_name"],
    }
    computed = {"engine_version_actual": "{engine_version}"}
    kept = ("force_destroy",)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, state, found)
        answer = self.client(aws).describe_db_clusters(DBClusterIdentifier=values["cluster_identifier"])
        members = answer["DBClusters"][0]["DBClusterMembers"]
        writes = any(
            m["IsClusterWriter"] for m in members if m["DBInstanceIdentifier"] == found["DBInstanceIdentifier"]
        )
        return {**values, "writer": writes}


class Cluster(_Rds):
    type_name, label, noun, named_by = "aws_rds_cluster", "RDS Cluster", "DBCluster", "cluster_identifier"
    calls = Calls.of("db_cluster", read="describe*", update="modify")
    answer, found_by = "DBClusters[]", ("cluster_identifier",)
    extra = {"modify_db_cluster": {"ApplyImmediately": True}}
    names = {
        "cluster_identifier": "DBClusterIdentifier",
        "cluster_resource_id": "DbClusterResourceId",
        "cluster_members": "DBClusterMembers[].DBInstanceIdentifier",
        "iam_roles": "AssociatedRoles[].RoleArn",
        "master_password": "MasterUserPassword",
        "db_cluster_parameter_group_name": "DBClusterParameterGroup|DBClusterParameterGroupName",
        "db_subnet_group_name": "DBSubnetGroup|DBSubnetGroupName",
        **_SHARED,
    }
    computed = {"engine_version_actual": "{engine_version}"}
    suppress = Instance.suppress
    waits = Wait("Status", Instance.waits.busy)
