"""EC2: addresses, NAT gateways and key pairs."""

from __future__ import annotations

from typing import Any

from ..resource import Aws, Calls, Tagging, Values, Wait
from .ec2 import Ec2


class Eip(Ec2):
    type_name, label = "aws_eip", "EC2 EIP"
    calls = Calls("allocate_address", "describe_addresses", delete="release_address")
    answer = "Addresses[]"
    names = {
        "id": "AllocationId",
        "instance": "InstanceId",
        "private_ip": "PrivateIpAddress",
        "network_interface": "NetworkInterfaceId",
    }
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:elastic-ip/{id}"}
    switches = {"instance": ("associate_address", "disassociate_address")}
    refused = ("address", "customer_owned_ipv4_pool", "ipam_pool_id", "network_border_group", "public_ipv4_pool")


class NatGateway(Ec2):
    type_name, label = "aws_nat_gateway", "EC2 NAT Gateway"
    calls = Calls.of("nat_gateway", read="describe*", update="")
    answer = "NatGateways[]"
    names = {
        "id": "NatGatewayId",
        "allocation_id": "NatGatewayAddresses[].AllocationId|AllocationId",
        "association_id": "NatGatewayAddresses[].AssociationId",
        "network_interface_id": "NatGatewayAddresses[].NetworkInterfaceId",
        "private_ip": "NatGatewayAddresses[].PrivateIp|PrivateIpAddress",
        "public_ip": "NatGatewayAddresses[].PublicIp",
    }
    waits = Wait("State", ("pending", "deleting"), seconds=600, gone=("deleted",))
    refused = (
        *("availability_mode", "secondary_allocation_ids", "secondary_private_ip_address_count"),
        *("secondary_private_ip_addresses", "vpc_id"),
    )


class KeyPair(Ec2):
    type_name, label = "aws_key_pair", "EC2 Key Pair"
    calls = Calls.of("key_pair", create="import", read="describe*", update="")
    answer, found_by = "KeyPairs[]", ("key_name",)
    names = {"key_name": "KeyName", "public_key": "PublicKeyMaterial", "fingerprint": "KeyFingerprint"}
    named_by = "key_name"
    tagging = Tagging("key_pair_id", "", "create_tags", "delete_tags")
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:key-pair/{key_name}"}

    def found(self, aws: Aws, state: Values) -> Any:
        # AWS answers the key without its comment.
        found = super().found(aws, state)
        return found and {**found, "PublicKey": state.get("public_key")}
