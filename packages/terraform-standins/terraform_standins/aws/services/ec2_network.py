"""EC2: endpoints, peerings, flow logs, network ACLs, volumes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls, Wait
from ..documents import JSON
from .ec2 import ARN, Ec2, filters


class VpcEndpoint(Ec2):
    type_name, label = "aws_vpc_endpoint", "EC2 VPC Endpoint"
    calls = Calls("create_vpc_endpoint", "describe_vpc_endpoints", "modify_vpc_endpoint", "delete_vpc_endpoints")
    answer, documents, lenient = "VpcEndpoints[]", {"policy": JSON}, True
    names = {
        "id": "VpcEndpointId",
        "policy": "PolicyDocument",
        "security_group_ids": "Groups[].GroupId|SecurityGroupIds",
    }
    computed = {"arn": f"{ARN}vpc-endpoint/{{id}}"}
    waits = Wait("State", ("pending", "deleting"), 600, gone=("deleted",))
    kept = ("auto_accept",)
    refused = ("resource_configuration_arn", "service_network_arn", "service_region", "subnet_configuration")
    _several = ("route_table_ids", "subnet_ids", "security_group_ids")

    def changeable(self) -> Collection[str]:
        return {*super().changeable(), *self._several}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        for name in self._several:
            old, new = ({*(values[name] or ())} for values in (prior, planned))
            member = "".join(part.title() for part in name.removesuffix("_ids").split("_")) + "Ids"
            changes = {
                f"{verb}{member}": sorted(ids) for verb, ids in (("Add", new - old), ("Remove", old - new)) if ids
            }
            if changes:
                self.client(aws).modify_vpc_endpoint(VpcEndpointId=planned["id"], **changes)


class VpcPeering(Ec2):
    type_name, label = "aws_vpc_peering_connection", "EC2 VPC Peering Connection"
    calls = Calls(
        "create_vpc_peering_connection", "describe_vpc_peering_connections", delete="delete_vpc_peering_connection"
    )
    answer = "VpcPeeringConnections[]"
    names = {
        "id": "VpcPeeringConnectionId",
        "accept_status": "Status.Code",
        "vpc_id": "RequesterVpcInfo.VpcId|VpcId",
        "peer_vpc_id": "AccepterVpcInfo.VpcId|PeerVpcId",
        "peer_owner_id": "AccepterVpcInfo.OwnerId|PeerOwnerId",
        "peer_region": "AccepterVpcInfo.Region|PeerRegion",
    }
    waits = Wait("", (), 60, gone=("deleted", "deleting"))
    kept, refused = ("auto_accept",), ("accepter", "requester")

    def complete(self, aws: Aws, created: Values) -> None:
        if created["auto_accept"]:
            self.client(aws).accept_vpc_peering_connection(VpcPeeringConnectionId=created["id"])

    def found(self, aws: Aws, state: Values) -> Any:
        found = super().found(aws, state)
        return None if found and found["Status"]["Code"] in ("deleted", "deleting") else found


class FlowLog(Ec2):
    type_name, label = "aws_flow_log", "EC2 Flow Log"
    calls = Calls("create_flow_logs", "describe_flow_logs", delete="delete_flow_logs")
    answer, lenient = "FlowLogs[]", True
    names = {"id": "FlowLogId|FlowLogIds", "iam_role_arn": "DeliverLogsPermissionArn"}
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/{id}"}
    _of = {"vpc_id": "VPC", "subnet_id": "Subnet", "eni_id": "NetworkInterface"}
    kept = tuple(_of)
    refused = ("regional_nat_gateway_id", "transit_gateway_attachment_id", "transit_gateway_id")

    def make(self, aws: Aws, planned: Values, **more: Any) -> Any:
        name = next(name for name in self._of if planned[name])
        return super().make(aws, planned, ResourceIds=[planned[name]], ResourceType=self._of[name])

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        values, of = super().parsed(aws, state, found), found["ResourceId"]
        prefixes = {"vpc-": "vpc_id", "subnet-": "subnet_id", "eni-": "eni_id"}
        return {**values, **{name: of if of.startswith(prefix) else None for prefix, name in prefixes.items()}}


class EbsVolume(Ec2):
    type_name, label, noun = "aws_ebs_volume", "EC2 EBS Volume", "Volume"
    calls = Calls("create_volume", "describe_volumes", "modify_volume", "delete_volume")
    answer, names = "Volumes[]", {"id": "VolumeId", "type": "VolumeType"}
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:volume/{id}"}
    waits, kept = Wait("State", ("creating", "deleting")), ("final_snapshot",)


class VolumeAttachment(Ec2):
    type_name, label, tagging = "aws_volume_attachment", "EC2 Volume Attachment", None
    calls = Calls("attach_volume", "describe_volumes", delete="detach_volume")
    answer, found_by = "Volumes[].Attachments[]", ("volume_id",)
    names = {"device_name": "Device"}
    id_form, kept = "vai-{volume_id}-{instance_id}", ("stop_instance_before_detaching", "force_detach")
    import_form = ("DEVICE_NAME/VOLUME_ID/INSTANCE_ID", "device_name", "volume_id", "instance_id")

    def found(self, aws: Aws, state: Values) -> Any:
        answer = self.client(aws).describe_volumes(VolumeIds=[state["volume_id"]])
        attachments = (one for volume in answer["Volumes"] for one in volume.get("Attachments", ()))
        return next((one for one in attachments if one["InstanceId"] == state["instance_id"]), None)


class EipAssociation(Ec2):
    type_name, label, tagging = "aws_eip_association", "EC2 EIP Association", None
    calls = Calls("associate_address", "describe_addresses", delete="disassociate_address")
    answer, names = "Addresses[]", {"id": "AssociationId"}

    def found(self, aws: Aws, state: Values) -> Any:
        answer = self.client(aws).describe_addresses(Filters=filters(association_id=state["id"]))
        return next((one for one in answer["Addresses"] if one.get("AssociationId") == state["id"]), None)


class EgressOnlyGateway(Ec2):
    type_name, label = "aws_egress_only_internet_gateway", "EC2 Egress-Only Internet Gateway"
    calls = Calls(
        "create_egress_only_internet_gateway",
        "describe_egress_only_internet_gateways",
        delete="delete_egress_only_internet_gateway",
    )
    answer = "EgressOnlyInternetGateways[]"
    names = {"id": "EgressOnlyInternetGatewayId", "vpc_id": "Attachments[].VpcId|VpcId"}
