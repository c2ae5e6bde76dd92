"""EKS: clusters and node groups; records, nothing runs behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls, Wait
from ..resource import AwsResource
from ..tags import Tagging


class _Eks(AwsResource):
    service, derived, lenient, tagging = "eks", True, True, Tagging()
    waits = Wait("status", ("CREATING", "UPDATING", "DELETING"))

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        # The tags of the embedded cloud's answer are those of the create.
        return {name: value for name, value in super().parsed(aws, state, found).items() if name != "tags"}


class Cluster(_Eks):
    type_name, label, named_by = "aws_eks_cluster", "EKS Cluster", "name"
    calls = Calls(
        "create_cluster", "describe_cluster", ("update_cluster_config", "update_cluster_version"), "delete_cluster"
    )
    answer, names = "cluster", {"name": "name|clusterName", "vpc_config": "resourcesVpcConfig"}
    kept = ("enabled_cluster_log_types", "force_update_version", "bootstrap_self_managed_addons")

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        issuer = found.get("identity", {}).get("oidc", {}).get("issuer")
        return {
            **super().parsed(aws, state, found),
            "certificate_authority": [{"data": found.get("certificateAuthority", {}).get("data")}],
            "identity": [{"oidc": [{"issuer": issuer}]}],
        }


class NodeGroup(_Eks):
    type_name, label, noun = "aws_eks_node_group", "EKS Node Group", "nodegroup"
    # The embedded cloud changes no node group.
    calls = Calls("create_nodegroup", "describe_nodegroup", delete="delete_nodegroup")
    answer, named_by, id_form = "nodegroup", "node_group_name", "{cluster_name}:{node_group_name}"
    names = {
        "node_group_name": "nodegroupName",
        "node_role_arn": "nodeRole",
        "subnet_ids": "subnets",
        "taint": "taints",
        "remote_access.ec2_ssh_key": "ec2SshKey",
        "remote_access.source_security_group_ids": "sourceSecurityGroups",
    }
    kept = ("force_update_version",)

    def from_import_id(self, import_id: str) -> Values:
        cluster, _, name = import_id.partition(":")
        return {"id": import_id, "cluster_name": cluster, "node_group_name": name}
