"""EKS: clusters and node groups; records, nothing runs behind them."""

from __future__ import annotations

from ..model import value_at
from ..resource import AwsResource, Calls, Tagging, Wait


class _Eks(AwsResource):
    service, derived, lenient, tagging = "eks", True, True, Tagging()
    waits = Wait("status", ("CREATING", "UPDATING", "DELETING"))


class Cluster(_Eks):
    type_name, label, named_by = "aws_eks_cluster", "EKS Cluster", "name"
    calls = Calls(
        "create_cluster", "describe_cluster", ("update_cluster_config", "update_cluster_version"), "delete_cluster"
    )
    answer, noun = "cluster", "cluster"
    names = {"vpc_config": "resourcesVpcConfig"}
    kept = ("enabled_cluster_log_types", "force_update_version", "bootstrap_self_managed_addons")

    computed = {
        "certificate_authority": lambda _, found: [{"data": value_at(found, "certificateAuthority.data")}],
        "identity": lambda _, found: [{"oidc": [{"issuer": value_at(found, "identity.oidc.issuer")}]}],
    }


class NodeGroup(_Eks):
    type_name, label, noun = "aws_eks_node_group", "EKS Node Group", "nodegroup"
    # The embedded cloud changes no node group.
    calls = Calls.of("nodegroup", read="describe", update="")
    answer, named_by, id_form = "nodegroup", "node_group_name", "{cluster_name}:{node_group_name}"
    names = {
        "node_role_arn": "nodeRole",
        "subnet_ids": "subnets",
        "remote_access.source_security_group_ids": "sourceSecurityGroups",
    }
    kept = ("force_update_version",)
