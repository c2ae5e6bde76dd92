"""IAM: roles and their policies."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...protocol.values import UNKNOWN, same
from ..declaration import GLOBAL, GONE
from ..policy import INLINE_POLICY, same_policy
from ..resource import POLICY, Answer, Aws, AwsResource, Calls, Change, Identity, Tagging, Values, or_none


class Role(AwsResource):
    type_name, label, service = "aws_iam_role", "IAM Role", "iam"
    calls = Calls("create_role", "get_role", ("update_role", "update_assume_role_policy"), "delete_role")
    answer = "Role"
    names = {
        "name": "RoleName",
        "unique_id": "RoleId",
        "assume_role_policy": "AssumeRolePolicyDocument|PolicyDocument",
        "permissions_boundary": "PermissionsBoundary.PermissionsBoundaryArn",
        "managed_policy_arns": "PolicyArn",
    }
    named_by = "name"
    identity = Identity(("name",), GLOBAL)
    tagging = Tagging("name", "list_role_tags", "tag_role", "untag_role")
    regional = False
    kept = ("force_detach_policies", "inline_policy")
    documents = {"assume_role_policy": POLICY}
    suppress = {"inline_policy.policy": same_policy}
    switches = {
        "permissions_boundary": ("put_role_permissions_boundary", "delete_role_permissions_boundary"),
        "managed_policy_arns": ("attach_role_policy", "detach_role_policy"),
    }
    # A principal that was just created is not known everywhere yet.
    temporary = ("Invalid principal in policy",)

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # An empty inline_policy block means that the role has no inline policies.
        policies = change.planned["inline_policy"]
        if policies is not UNKNOWN:
            change.planned["inline_policy"] = [policy for policy in policies if policy["name"]]

    def complete(self, aws: Aws, created: Values) -> None:
        self._put_policies(aws, created["name"], _policies(created["inline_policy"]), {})
        super().complete(aws, created)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        client, name, before = self.client(aws), state["name"], _policies(state.get("inline_policy"))
        return {
            **super().parsed(aws, state, found),
            "inline_policy": [
                {"name": key, "policy": INLINE_POLICY.stored(before.get(key), text)}
                for key, text in _inline(client, name).items()
            ],
            "managed_policy_arns": sorted(_attached(client, name)),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        name = planned["name"]
        if not same(prior["inline_policy"], planned["inline_policy"]):
            self._put_policies(aws, name, _policies(planned["inline_policy"]), _policies(prior["inline_policy"]))

    def remove(self, aws: Aws, state: Values) -> None:
        # Remove the policies in the state first; with force_detach_policies all of them.
        client, name = self.client(aws), state["name"]
        if state["force_detach_policies"] or state["inline_policy"]:
            self._put_policies(aws, name, {}, _inline(client, name))
        attached = state["force_detach_policies"] or state["managed_policy_arns"]
        super().remove(aws, {**state, "managed_policy_arns": _attached(client, name) if attached else None})

    def _put_policies(self, aws: Aws, role: str, wanted: dict[str, str], present: dict[str, str]) -> None:
        client = self.client(aws)
        for name in present.keys() - wanted.keys():
            or_none(partial(client.delete_role_policy, RoleName=role, PolicyName=name), GONE)
        for name, document in wanted.items():
            if not same_policy(present.get(name, ""), document):
                client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)

    def from_import_id(self, import_id: str) -> Values:
        return {**super().from_import_id(import_id), "force_detach_policies": False}


def _policies(blocks: list[Values] | None) -> dict[str, str]:
    return {block["name"]: block["policy"] for block in blocks or () if block.get("name")}


def _inline(client: Any, role: str) -> dict[str, str]:
    found = {}
    for page in client.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            document = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            found[name] = str(Role.document(document))
    return found


def _attached(client: Any, role: str) -> list[str]:
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]


class RolePolicy(AwsResource):
    type_name, label, service = "aws_iam_role_policy", "IAM Role Policy", "iam"
    calls = Calls.of("role_policy", create="put", update="put")
    names = {"role": "RoleName", "name": "PolicyName", "policy": "PolicyDocument"}
    named_by, id_form = "name", "{role}:{name}"
    verbs = dict.fromkeys(("creating", "updating"), "putting IAM Role ({role}) Policy ({name})")
    identity = Identity(("role", "name"), GLOBAL, lambda i: f"{i['role']}:{i['name']}")
    regional = False
    documents = {"policy": INLINE_POLICY}


class RolePolicyAttachment(AwsResource):
    type_name, label, service = "aws_iam_role_policy_attachment", "IAM Role Policy Attachment", "iam"
    calls = Calls("attach_role_policy", "list_attached_role_policies", delete="detach_role_policy")
    answer = "AttachedPolicies[]"
    names = {"role": "RoleName"}
    named_by, id_form = "policy_arn", "{role}/{policy_arn}"
    identity = Identity(("role", "policy_arn"), GLOBAL, lambda i: f"{i['role']}/{i['policy_arn']}")
    regional = False
    import_form = ("<role-name>/<policy_arn>", "role", "policy_arn")
    verbs = {
        "creating": "attaching IAM Policy ({policy_arn}) to IAM Role ({role})",
        "deleting": "detaching IAM Policy ({policy_arn}) from IAM Role ({role})",
    }
    # IAM refuses concurrent changes of one role.
    temporary = ("ConcurrentModification",)
