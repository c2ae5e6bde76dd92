"""EC2: ModifyInstanceAttribute changes the record of an instance.

ministack does not have the operation (services/ec2.py 8650).
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
"""

from __future__ import annotations

from typing import Any

from cdktf_harness.cloud.on_import import change_service


def install() -> None:
    """Add the operation."""
    change_service("ec2", _add)


def _add(service: Any) -> None:
    def modify(params: Any) -> Any:
        id_ = service._p(params, "InstanceId")
        instance = service._instances.get(id_)
        if not instance:
            return service._error("InvalidInstanceID.NotFound", f"The instance ID '{id_}' does not exist", 400)
        if type_ := service._p(params, "InstanceType.Value"):
            instance["InstanceType"] = type_
        if groups := service._parse_member_list(params, "GroupId"):
            known = service._security_groups
            instance["SecurityGroups"] = [
                {"GroupId": group, "GroupName": (known.get(group) or {}).get("GroupName", group)} for group in groups
            ]
        return service._xml(200, "ModifyInstanceAttributeResponse", "<return>true</return>")

    service._ACTION_MAP["ModifyInstanceAttribute"] = modify
