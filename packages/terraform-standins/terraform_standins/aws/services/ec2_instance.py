"""EC2: instances; records, nothing runs behind them."""

from __future__ import annotations

import base64
from typing import Any

from ..resource import Answer, Aws, Calls, Values, Wait, first, same
from .ec2 import Ec2

_STOPPED = ("instance_type", "user_data", "user_data_base64", "ebs_optimized")
"""Arguments that AWS changes only while the instance is stopped."""

_ROOT = {"volume_size": "Size", "volume_type": "VolumeType", "iops": "Iops"}


class Instance(Ec2):
    type_name, label = "aws_instance", "EC2 Instance"
    calls = Calls("run_instances", "describe_instances", "modify_instance_attribute", "terminate_instances")
    answer = "Reservations[].Instances[]"
    extra = {"run_instances": {"MinCount": 1, "MaxCount": 1}}
    names = {
        "id": "InstanceId",
        "ami": "ImageId",
        "instance_state": "State.Name",
        "instance_type": "InstanceType|InstanceType.Value",
        "availability_zone": "Placement.AvailabilityZone",
        "tenancy": "Placement.Tenancy",
        "iam_instance_profile": "IamInstanceProfile.Arn|IamInstanceProfile.Name",
        "vpc_security_group_ids": "SecurityGroups[].GroupId|SecurityGroupIds|Groups",
        "private_ip": "PrivateIpAddress",
        "public_ip": "PublicIpAddress",
        "private_dns": "PrivateDnsName",
        "public_dns": "PublicDnsName",
        "primary_network_interface_id": "NetworkInterfaces[].NetworkInterfaceId",
        "source_dest_check": "SourceDestCheck|SourceDestCheck.Value",
        "disable_api_termination": "DisableApiTermination|DisableApiTermination.Value",
        "ebs_optimized": "EbsOptimized|EbsOptimized.Value",
        "user_data": "UserData|UserData.Value",
        "monitoring": "Monitoring.Enabled|Monitoring.State",
    }
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:instance/{id}"}
    waits = Wait("State.Name", ("pending", "stopping", "shutting-down"), 600, gone=("terminated",))
    kept = (
        *("root_block_device", "ebs_block_device", "user_data_replace_on_change", "volume_tags", "force_destroy"),
        *("associate_public_ip_address", "get_password_data", "user_data_base64", "security_groups"),
    )
    unread = ("user_data", "user_data_base64", "security_groups")
    refused = (
        *("capacity_reservation_specification", "cpu_options", "disable_api_stop", "enable_primary_ipv6"),
        *("enclave_options", "instance_market_options", "ipv6_address_count", "launch_template"),
        *("maintenance_options", "network_interface", "private_dns_name_options"),
    )

    def make(self, aws: Aws, planned: Values, **more: Any) -> Any:
        if profile := planned["iam_instance_profile"]:
            more["IamInstanceProfile"] = {"Name": profile}
        if encoded := planned["user_data_base64"]:
            more["UserData"] = base64.b64decode(encoded)
        return super().make(aws, {**planned, "iam_instance_profile": None}, **more)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, state, found)
        values["iam_instance_profile"] = (values["iam_instance_profile"] or "").rpartition("/")[2]
        values["root_block_device"] = self._root(aws, state, found)
        return values

    def _root(self, aws: Aws, state: Values, found: Answer) -> list[Values]:
        # The embedded cloud ignores all but these members of a root volume.
        devices = {one["DeviceName"]: one["Ebs"] for one in found.get("BlockDeviceMappings", ()) if "Ebs" in one}
        if not (device := devices.get(found.get("RootDeviceName"))):
            return state.get("root_block_device") or []
        (volume,) = self.client(aws).describe_volumes(VolumeIds=[device["VolumeId"]])["Volumes"]
        known = {"device_name": found["RootDeviceName"], "volume_id": device["VolumeId"]}
        read = {name: volume.get(member) for name, member in _ROOT.items()}
        return [{**first(state.get("root_block_device")), **known, **read}]

    def _change_root(self, aws: Aws, planned: Values) -> None:
        wanted = first(planned["root_block_device"])
        for root in self._root(aws, {}, self.found(aws, planned)):
            new = {m: wanted[name] for name, m in _ROOT.items() if wanted.get(name) not in (None, "", root[name])}
            sizes = {member: int(value) for member, value in new.items() if member != "VolumeType"}
            if new:
                self.client(aws).modify_volume(VolumeId=root["volume_id"], **{**new, **sizes})

    def complete(self, aws: Aws, created: Values) -> None:
        super().complete(aws, created)
        self._change_root(aws, created)
        if created["source_dest_check"] is False:
            self.client(aws).modify_instance_attribute(InstanceId=created["id"], SourceDestCheck={"Value": False})

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        stops = not all(same(prior[name], planned[name]) for name in _STOPPED)
        if stops:
            self.client(aws).stop_instances(InstanceIds=[planned["id"]])
            self.wait(aws, planned)
        super().update(aws, prior, planned)
        if stops:
            self.client(aws).start_instances(InstanceIds=[planned["id"]])
            self.wait(aws, planned)
        self._change_root(aws, planned)
