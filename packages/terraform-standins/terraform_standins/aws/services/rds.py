"""RDS: instances, clusters and subnet groups; records, no database is started."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from ..declaration import GONE
from ..model import Names
from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait, or_none

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


class _Database(_Rds):
    """Exports logs, and may have a password that RDS manages."""

    _logs = "enabled_cloudwatch_logs_exports"

    def changeable(self) -> Collection[str]:
        return {*super().changeable(), *({self._logs} & self.schema.block.attributes.keys())}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        old, new = ({*(values.get(self._logs) or ())} for values in (prior, planned))
        if old != new:
            logs = {"EnableLogTypes": sorted(new - old), "DisableLogTypes": sorted(old - new)}
            who = {self.named_by: planned[self.named_by]}
            self.call(aws, self.calls.updates[0], who, CloudwatchLogsExportConfiguration=logs)


def _secret(_: Values, found: Answer) -> list[Values]:
    secret = found.get("MasterUserSecret")
    names = {"kms_key_id": "KmsKeyId", "secret_arn": "SecretArn", "secret_status": "SecretStatus"}
    return [{name: secret.get(member) for name, member in names.items()}] if secret else []


class SubnetGroup(_Rds):
    type_name, label, noun, named_by = "aws_db_subnet_group", "RDS DB Subnet Group", "DBSubnetGroup", "name"
    calls = Calls.of("db_subnet_group", read="describe*", update="modify")
    answer, found_by = "DBSubnetGroups[]", ("name",)
    names = {"subnet_ids": "Subnets[].SubnetIdentifier|SubnetIds"}


class Instance(_Database):
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
        "master_user_secret": _secret,
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


class GlobalCluster(_Rds):
    type_name, label, noun = "aws_rds_global_cluster", "RDS Global Cluster", "GlobalCluster"
    calls = Calls.of("global_cluster", read="describe*", update="modify")
    answer, found_by, named_by = "GlobalClusters[]", ("global_cluster_identifier",), "global_cluster_identifier"
    names = {"source_db_cluster_identifier": "SourceDBClusterIdentifier"}
    computed = {
        "engine_version_actual": "{engine_version}",
        "global_cluster_members": lambda _, found: [
            {"db_cluster_arn": one["DBClusterArn"], "is_writer": one["IsWriter"]}
            for one in found.get("GlobalClusterMembers", ())
        ],
    }
    kept, unread = ("force_destroy",), ("source_db_cluster_identifier",)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete it, with `force_destroy` after its clusters have left it."""
        for member in (self.found(aws, state) or {}).get("GlobalClusterMembers", ()) if state["force_destroy"] else ():
            _leave(self.client(aws), state[self.named_by], member["DBClusterArn"])
        super().remove(aws, state)


def _leave(client: Any, global_cluster: str, cluster: str) -> None:
    client.remove_from_global_cluster(GlobalClusterIdentifier=global_cluster, DbClusterIdentifier=cluster)


class Cluster(_Database):
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
    computed = {"engine_version_actual": "{engine_version}", "master_user_secret": _secret}
    suppress = Instance.suppress
    waits = Wait("Status", Instance.waits.busy)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete it, after it has left its global cluster."""
        if name := state["global_cluster_identifier"]:
            or_none(lambda: _leave(self.client(aws), name, state["arn"]), GONE)
        super().remove(aws, state)
