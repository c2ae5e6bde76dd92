"""EFS: file systems, mount targets and access points; records."""

from __future__ import annotations

from typing import Any

from ..resource import Aws, AwsResource, Calls, Tagging, Values, Wait, unique_id

_HOST = "{file_system_id}.efs.{region}.{dns_suffix}"
_ARN = "arn:{partition}:elasticfilesystem:{region}:{account_id}:file-system/{file_system_id}"


class _Efs(AwsResource):
    service, derived, lenient = "efs", True, True
    found_by, waits = ("id",), Wait("LifeCycleState", ("creating", "updating", "deleting"))


class FileSystem(_Efs):
    type_name, label, noun = "aws_efs_file_system", "EFS File System", "FileSystem"
    calls = Calls(
        "create_file_system",
        "describe_file_systems",
        ("update_file_system", "put_lifecycle_configuration"),
        "delete_file_system",
    )
    answer, also = "FileSystems[]", ("describe_lifecycle_configuration",)
    names = {"id": "FileSystemId", "lifecycle_policy": "LifecyclePolicies"}
    computed = {"dns_name": _HOST.replace("file_system_id", "id")}
    tagging = Tagging("id")

    def make(self, aws: Aws, planned: Values) -> Any:
        planned["creation_token"] = planned["creation_token"] or unique_id("terraform-")
        return super().make(aws, planned)


class MountTarget(_Efs):
    type_name, label = "aws_efs_mount_target", "EFS Mount Target"
    calls = Calls(
        "create_mount_target",
        "describe_mount_targets",
        "modify_mount_target_security_groups",
        "delete_mount_target",
    )
    answer, also = "MountTargets[]", ("describe_mount_target_security_groups",)
    names = {"id": "MountTargetId"}
    computed = {
        "dns_name": _HOST,
        "mount_target_dns_name": "{availability_zone_name}." + _HOST,
        "file_system_arn": _ARN,
    }


class AccessPoint(_Efs):
    type_name, label = "aws_efs_access_point", "EFS Access Point"
    calls = Calls.of("access_point", read="describe*", update="")
    answer, noun, tagging = "AccessPoints[]", "AccessPoint", Tagging("id")
    names = {"id": "AccessPointId"}
    computed = {"file_system_arn": _ARN}
