"""IAM: roles."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, same
from ...resource import existing
from .. import tags
from ..cloud import Aws
from ..documents import normalise_json
from ..model import given, timestamp
from ..names import name_of, prefix_of
from ..policy import same_policy, stored, version_first
from ..resource import GLOBAL, AwsResource
from ..waiting import retry

GONE = ("NoSuchEntity", "NoSuchEntityException")
"""Codes of IAM's errors that say that something is not there."""
PROPAGATION_SECONDS = 120
"""How long a change in IAM may take to be seen everywhere."""


class Role(AwsResource):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html ."""

    type_name = "aws_iam_role"
    label = "IAM Role"
    identity = Identity(("name",), GLOBAL)
    service = "iam"
    tagging = tags.Tagging("name", "list_role_tags", "tag_role", "untag_role")
    gone = GONE
    regional = False
    arguments: ClassVar = {
        "name",
        "name_prefix",
        "path",
        "description",
        "assume_role_policy",
        "max_session_duration",
        "permissions_boundary",
        "force_detach_policies",
        "inline_policy",
        "managed_policy_arns",
    }
    normalise: ClassVar = {"assume_role_policy": normalise_json}
    suppress: ClassVar = {"assume_role_policy": same_policy, "inline_policy.policy": same_policy}

    def customise(self, aws: Aws, change: Change) -> None:
        """An empty inline_policy block is how one says that there shall be none."""
        super().customise(aws, change)
        policies = change.planned["inline_policy"]
        if policies is not UNKNOWN:
            change.planned["inline_policy"] = [policy for policy in policies if policy["name"]]

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the role, with the inline and managed policies that are its own."""
        name = name_of(planned)
        request = given(
            Description=planned["description"],
            MaxSessionDuration=planned["max_session_duration"],
            Path=planned["path"],
            PermissionsBoundary=planned["permissions_boundary"],
            Tags=tags.as_list(planned["tags_all"]),
        )
        client, document = self.client(aws), planned["assume_role_policy"]
        retry(
            lambda: client.create_role(RoleName=name, AssumeRolePolicyDocument=document, **request),
            # A principal that was made a moment ago is not known everywhere yet.
            lambda error: "Invalid principal in policy" in str(error),
            seconds=PROPAGATION_SECONDS,
        )
        with existing(name):
            self._put_policies(aws, name, _policies(planned["inline_policy"]), {})
            self._attach(aws, name, planned["managed_policy_arns"] or [], [])
        return {"id": name}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the role and the names of its policies."""
        client, name = self.client(aws), state["id"]
        role = client.get_role(RoleName=name)["Role"]
        policies = _inline(client, name)
        before = _policies(state.get("inline_policy"))
        return {
            "name": role["RoleName"],
            "name_prefix": prefix_of(role["RoleName"]),
            "arn": role["Arn"],
            "unique_id": role["RoleId"],
            "path": role["Path"],
            "create_date": timestamp(role["CreateDate"]),
            "description": role.get("Description"),
            "max_session_duration": role.get("MaxSessionDuration"),
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "assume_role_policy": stored(state.get("assume_role_policy"), text_of(role["AssumeRolePolicyDocument"])),
            "inline_policy": [{"name": key, "policy": stored(before.get(key), text)} for key, text in policies.items()],
            "managed_policy_arns": sorted(attached(client, name)),
            "tags": tags.from_list(role.get("Tags", [])),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Change what differs; each has a call of its own."""
        client, who = self.client(aws), {"RoleName": planned["id"]}
        changed = {key for key in planned if not same(prior[key], planned[key])}
        if "assume_role_policy" in changed:
            client.update_assume_role_policy(**who, PolicyDocument=planned["assume_role_policy"])
        if "description" in changed:
            client.update_role_description(**who, Description=planned["description"] or "")
        if "max_session_duration" in changed:
            client.update_role(**who, MaxSessionDuration=planned["max_session_duration"])
        if "permissions_boundary" in changed and planned["permissions_boundary"]:
            client.put_role_permissions_boundary(**who, PermissionsBoundary=planned["permissions_boundary"])
        elif "permissions_boundary" in changed:
            client.delete_role_permissions_boundary(**who)
        if "inline_policy" in changed:
            self._put_policies(
                aws, planned["id"], _policies(planned["inline_policy"]), _policies(prior["inline_policy"])
            )
        if "managed_policy_arns" in changed:
            self._attach(aws, planned["id"], planned["managed_policy_arns"] or [], prior["managed_policy_arns"] or [])

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the role; policies that the state knows of or, with `force_detach_policies`, all go first."""
        client, name = self.client(aws), state["id"]
        force = state["force_detach_policies"]
        if force or state["inline_policy"]:
            self._put_policies(aws, name, {}, _inline(client, name))
        if force or state["managed_policy_arns"]:
            self._attach(aws, name, [], attached(client, name))
        client.delete_role(RoleName=name)

    def _put_policies(self, aws: Aws, role: str, wanted: dict[str, str], present: dict[str, str]) -> None:
        client = self.client(aws)
        for name in present.keys() - wanted.keys():
            _unless_gone(client.delete_role_policy, RoleName=role, PolicyName=name)
        for name, document in wanted.items():
            if not same_policy(present.get(name, ""), document):
                client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)

    def _attach(self, aws: Aws, role: str, wanted: list[str], present: list[str]) -> None:
        client = self.client(aws)
        for arn in set(present) - set(wanted):
            _unless_gone(client.detach_role_policy, RoleName=role, PolicyArn=arn)
        for arn in set(wanted) - set(present):
            client.attach_role_policy(RoleName=role, PolicyArn=arn)

    def from_import_id(self, import_id: str) -> Values:
        """The role's name."""
        return {"id": import_id, "force_detach_policies": False}


def _policies(blocks: list[Values] | None) -> dict[str, str]:
    return {block["name"]: block["policy"] for block in blocks or () if block.get("name")}


def _inline(client: Any, role: str) -> dict[str, str]:
    return {
        name: version_first(text_of(client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]))
        for page in client.get_paginator("list_role_policies").paginate(RoleName=role)
        for name in page["PolicyNames"]
    }


def attached(client: Any, role: str) -> list[str]:
    """The ARNs of the policies that are attached to a role."""
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]


def text_of(document: Any) -> str:
    """A policy document as text."""
    # botocore has parsed it already, where it could.
    return document if isinstance(document, str) else normalise_json(json.dumps(document))


def _unless_gone(call: Any, **arguments: str) -> None:
    try:
        call(**arguments)
    except Exception as error:
        if getattr(error, "response", {}).get("Error", {}).get("Code") not in GONE:
            raise


TYPES = (Role,)
