"""EC2: endpoints, peerings, flow logs, network ACLs, volumes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..resource import JSON, Answer, Aws, Calls, Values, Wait, as_list
from .ec2 import ARN, Ec2


class VpcEndpoint(Ec2):
    type_name, label = "aws_vpc_endpoint", "EC2 VPC Endpoint"
    calls = Calls.of("vpc_endpoint", read="describe*", update="modify", delete="delete*")
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
    calls = Calls.of("vpc_peering_connection", read="describe*", update="")
    answer = "VpcPeeringConnections[]"
    names = {
        "id": "VpcPeeringConnectionId",
        "accept_status": "Status.Code",
        "vpc_id": "RequesterVpcInfo.VpcId|VpcId",
        "peer_vpc_id": "AccepterVpcInfo.VpcId|PeerVpcId",
        "peer_owner_id": "AccepterVpcInfo.OwnerId|PeerOwnerId",
        "peer_region": "AccepterVpcInfo.Region|PeerRegion",
    }
    waits = Wait("Status.Code", (), 60, gone=("deleted", "deleting"))
    kept = ("auto_accept",)

    def complete(self, aws: Aws, created: Values) -> None:
        if created["auto_accept"]:
            self.client(aws).accept_vpc_peering_connection(VpcPeeringConnectionId=created["id"])


class VpcPeeringAccepter(VpcPeering):
    """The connection in the accepter's region; AWS deletes it with the requester's."""

    type_name, label = "aws_vpc_peering_connection_accepter", "EC2 VPC Peering Connection Accepter"
    calls = Calls("accept_vpc_peering_connection", "describe_vpc_peering_connections")
    names = {
        "id": "VpcPeeringConnectionId",
        "vpc_peering_connection_id": "VpcPeeringConnectionId",
        "accept_status": "Status.Code",
        "vpc_id": "AccepterVpcInfo.VpcId",
        "peer_vpc_id": "RequesterVpcInfo.VpcId",
        "peer_owner_id": "RequesterVpcInfo.OwnerId",
        "peer_region": "RequesterVpcInfo.Region",
    }
    waits = Wait("Status.Code", (), 60, after_delete=False, gone=("deleted", "deleting"))

    def make(self, aws: Aws, planned: Values, **more: Any) -> Any:
        return super().make(aws, planned, **more) if planned["auto_accept"] else {}

    def complete(self, aws: Aws, created: Values) -> None:
        """Set the tags, which the call does not take."""
        if tags := created["tags_all"]:
            self.client(aws).create_tags(Resources=[created["id"]], Tags=as_list(tags))

    def id_of(self, values: Values) -> str:
        return str(values["vpc_peering_connection_id"])


class FlowLog(Ec2):
    type_name, label = "aws_flow_log", "EC2 Flow Log"
    calls = Calls.of("flow_logs", read="describe", update="")
    answer, lenient = "FlowLogs[]", True
    names = {"id": "FlowLogId|FlowLogIds", "iam_role_arn": "DeliverLogsPermissionArn"}
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/{id}"}
    _of = {"vpc_id": "VPC", "subnet_id": "Subnet", "eni_id": "NetworkInterface"}
    kept = tuple(_of)

    def make(self, aws: Aws, planned: Values, **more: Any) -> Any:
        name = next(name for name in self._of if planned[name])
        return super().make(aws, planned, ResourceIds=[planned[name]], ResourceType=self._of[name])

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values, of = super().parsed(aws, state, found), found["ResourceId"]
        return {**values, **{name: of if of.startswith(name.replace("_id", "-")) else None for name in self._of}}


class EbsVolume(Ec2):
    type_name, label, noun = "aws_ebs_volume", "EC2 EBS Volume", "Volume"
    calls = Calls.of("volume", read="describe*", update="modify")
    answer, names = "Volumes[]", {"id": "VolumeId"}
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:volume/{id}"}
    waits, kept = Wait("State", ("creating", "deleting")), ("final_snapshot",)


class VolumeAttachment(Ec2):
    type_name, label, tagging = "aws_volume_attachment", "EC2 Volume Attachment", None
    calls = Calls.of("volume", create="attach", read="describe*", update="", delete="detach")
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


class EgressOnlyGateway(Ec2):
    type_name, label = "aws_egress_only_internet_gateway", "EC2 Egress-Only Internet Gateway"
    calls = Calls.of("egress_only_internet_gateway", read="describe*", update="")
    answer = "EgressOnlyInternetGateways[]"
    names = {"id": "EgressOnlyInternetGatewayId", "vpc_id": "Attachments[].VpcId|VpcId"}
