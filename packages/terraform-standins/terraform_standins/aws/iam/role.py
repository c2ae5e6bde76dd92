"""IAM: roles."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from ...protocol.base import existing
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, same
from ..cloud import Aws
from ..messages import or_none
from ..policy import INLINE_POLICY, POLICY, same_policy
from ..resource import GLOBAL, AwsResource, Calls
from ..tags import Tagging
from ..waiting import retry
from .shared import GONE, PROPAGATION_SECONDS, attached, text_of


class Role(AwsResource):
    """A role: permissions, and the services and users that may assume it.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """

    type_name = "aws_iam_role"
    label = "IAM Role"
    service = "iam"
    calls = Calls(create="create_role", update="update_role", delete="delete_role")
    names: ClassVar = {
        "name": "RoleName",
        "unique_id": "RoleId",
        "assume_role_policy": "AssumeRolePolicyDocument",
    }
    named_by = "name"
    identity = Identity(("name",), GLOBAL)
    tagging = Tagging("name", "list_role_tags", "tag_role", "untag_role")
    gone = GONE
    regional = False
    kept = ("force_detach_policies", "inline_policy", "managed_policy_arns")
    documents: ClassVar = {"assume_role_policy": POLICY}
    suppress: ClassVar = {"inline_policy.policy": same_policy}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # An empty inline_policy block means that the role has no inline policies.
        policies = change.planned["inline_policy"]
        if policies is not UNKNOWN:
            change.planned["inline_policy"] = [policy for policy in policies if policy["name"]]

    def create(self, aws: Aws, planned: Values) -> Values:
        created = retry(
            partial(super().create, aws, planned),
            # A principal that was just created is not known everywhere yet.
            lambda error: "Invalid principal in policy" in str(error),
            seconds=PROPAGATION_SECONDS,
        )
        with existing(created["id"]):
            self._put_policies(aws, planned["name"], _policies(planned["inline_policy"]), {})
            self._attach(aws, planned["name"], planned["managed_policy_arns"] or [], [])
        return created

    def read(self, aws: Aws, state: Values) -> Values:
        client, name = self.client(aws), state["name"]
        role = client.get_role(RoleName=name)["Role"]
        before = _policies(state.get("inline_policy"))
        return {
            **self.values(aws, "Role", role),
            "assume_role_policy": text_of(role["AssumeRolePolicyDocument"]),
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "inline_policy": [
                {"name": key, "policy": INLINE_POLICY.stored(before.get(key), text)}
                for key, text in _inline(client, name).items()
            ],
            "managed_policy_arns": sorted(attached(client, name)),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        client, name = self.client(aws), planned["name"]
        changed = {key for key in planned if not same(prior[key], planned[key])}
        if "assume_role_policy" in changed:
            client.update_assume_role_policy(RoleName=name, PolicyDocument=planned["assume_role_policy"])
        if "permissions_boundary" in changed and planned["permissions_boundary"]:
            self.call(aws, "put_role_permissions_boundary", planned)
        elif "permissions_boundary" in changed:
            client.delete_role_permissions_boundary(RoleName=name)
        if "inline_policy" in changed:
            self._put_policies(aws, name, _policies(planned["inline_policy"]), _policies(prior["inline_policy"]))
        if "managed_policy_arns" in changed:
            self._attach(aws, name, planned["managed_policy_arns"] or [], prior["managed_policy_arns"] or [])

    def remove(self, aws: Aws, state: Values) -> None:
        # Remove the policies in the state first; with force_detach_policies all of them.
        client, name = self.client(aws), state["name"]
        if state["force_detach_policies"] or state["inline_policy"]:
            self._put_policies(aws, name, {}, _inline(client, name))
        if state["force_detach_policies"] or state["managed_policy_arns"]:
            self._attach(aws, name, [], attached(client, name))
        super().remove(aws, state)

    def _put_policies(self, aws: Aws, role: str, wanted: dict[str, str], present: dict[str, str]) -> None:
        client = self.client(aws)
        for name in present.keys() - wanted.keys():
            or_none(partial(client.delete_role_policy, RoleName=role, PolicyName=name), *GONE)
        for name, document in wanted.items():
            if not same_policy(present.get(name, ""), document):
                client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)

    def _attach(self, aws: Aws, role: str, wanted: list[str], present: list[str]) -> None:
        client = self.client(aws)
        for arn in set(present) - set(wanted):
            or_none(partial(client.detach_role_policy, RoleName=role, PolicyArn=arn), *GONE)
        for arn in set(wanted) - set(present):
            client.attach_role_policy(RoleName=role, PolicyArn=arn)

    def from_import_id(self, import_id: str) -> Values:
        return {**super().from_import_id(import_id), "force_detach_policies": False}


def _policies(blocks: list[Values] | None) -> dict[str, str]:
    return {block["name"]: block["policy"] for block in blocks or () if block.get("name")}


def _inline(client: Any, role: str) -> dict[str, str]:
    return {
        name: text_of(client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        for page in client.get_paginator("list_role_policies").paginate(RoleName=role)
        for name in page["PolicyNames"]
    }


TYPES = (Role,)
