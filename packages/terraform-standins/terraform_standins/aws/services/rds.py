"""RDS: instances and subnet groups; records, no database is started."""

from __future__ import annotations

from ..declaration import Calls, Wait
from ..resource import AwsResource
from ..tags import Tagging


class _Rds(AwsResource):
    service, derived, lenient = "rds", True, True
    tagging = Tagging("arn", "list_tags_for_resource", "add_tags_to_resource", "remove_tags_from_resource")


class SubnetGroup(_Rds):
    type_name, label, noun, named_by = "aws_db_subnet_group", "RDS DB Subnet Group", "DBSubnetGroup", "name"
    calls = Calls(
        "create_db_subnet_group", "describe_db_subnet_groups", "modify_db_subnet_group", "delete_db_subnet_group"
    )
    answer, found_by = "DBSubnetGroups[]", ("name",)
    names = {"subnet_ids": "Subnets[].SubnetIdentifier|SubnetIds"}


class Instance(_Rds):
    type_name, label, noun, named_by = "aws_db_instance", "RDS DB Instance", "DBInstance", "identifier"
    calls = Calls("create_db_instance", "describe_db_instances", "modify_db_instance", "delete_db_instance")
    answer, found_by = "DBInstances[]", ("identifier",)
    extra = {"modify_db_instance": {"ApplyImmediately": True}}
    names = {
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
        "enabled_cloudwatch_logs_exports": "EnabledCloudwatchLogsExports|EnableCloudwatchLogsExports",
        "final_snapshot_identifier": "FinalDBSnapshotIdentifier",
        "iam_database_authentication_enabled": "IAMDatabaseAuthenticationEnabled|EnableIAMDatabaseAuthentication",
        "parameter_group_name": "DBParameterGroups[].DBParameterGroupName|DBParameterGroupName",
        "performance_insights_enabled": "PerformanceInsightsEnabled|EnablePerformanceInsights",
        "vpc_security_group_ids": "VpcSecurityGroups[].VpcSecurityGroupId|VpcSecurityGroupIds",
    }
    computed = {"endpoint": "{address}:{port}", "engine_version_actual": "{engine_version}"}
    suppress = {"engine_version": lambda old, new: old == new or old.startswith(f"{new}.")}
    waits = Wait("DBInstanceStatus", ("creating", "modifying", "deleting", "backing-up", "rebooting"))
