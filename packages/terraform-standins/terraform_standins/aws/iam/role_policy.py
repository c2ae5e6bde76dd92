"""IAM: the policies of roles."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..messages import error_code
from ..policy import INLINE_POLICY
from ..resource import GLOBAL, AwsResource, Calls
from ..waiting import retry
from .shared import GONE, PROPAGATION_SECONDS, attached, text_of


class RolePolicy(AwsResource):
    """An inline policy of a role.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    """

    type_name = "aws_iam_role_policy"
    label = "IAM Role Policy"
    service = "iam"
    calls = Calls("put_role_policy", "get_role_policy", "put_role_policy", "delete_role_policy")
    names: ClassVar = {"role": "RoleName", "name": "PolicyName", "policy": "PolicyDocument"}
    named_by = "name"
    identity = Identity(("role", "name"), GLOBAL, lambda i: f"{i['role']}:{i['name']}")
    gone = GONE
    regional = False
    documents: ClassVar = {"policy": INLINE_POLICY}

    def id_of(self, values: Values) -> str:
        return f"{values['role']}:{values['name']}"

    def read(self, aws: Aws, state: Values) -> Values:
        values = super().read(aws, state) or {}
        return {**values, "policy": text_of(values["policy"])}

    def from_import_id(self, import_id: str) -> Values:
        role, _, name = import_id.partition(":")
        return {"id": import_id, "role": role, "name": name}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        if doing not in ("creating", "updating"):
            return super().explain(error, doing, values)
        text = super().explain(error, doing, {})
        return f"putting IAM Role ({values['role']}) Policy ({values['name']})" + text[text.index(": ") :]


class RolePolicyAttachment(AwsResource):
    """The attachment of a managed policy to a role.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
    """

    type_name = "aws_iam_role_policy_attachment"
    label = "IAM Role Policy Attachment"
    service = "iam"
    calls = Calls(create="attach_role_policy", delete="detach_role_policy")
    names: ClassVar = {"role": "RoleName"}
    identity = Identity(("role", "policy_arn"), GLOBAL, lambda i: f"{i['role']}/{i['policy_arn']}")
    gone = GONE
    regional = False
    import_form = ("<role-name>/<policy_arn>", "role", "policy_arn")

    def id_of(self, values: Values) -> str:
        return f"{values['role']}/{values['policy_arn']}"

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        # IAM refuses concurrent changes of one role.
        return retry(
            partial(super().call, aws, method, values, **more),
            lambda error: error_code(error).startswith("ConcurrentModification"),
            seconds=PROPAGATION_SECONDS,
        )

    def read(self, aws: Aws, state: Values) -> Values | None:
        there = state["policy_arn"] in attached(self.client(aws), state["role"])
        return {"role": state["role"], "policy_arn": state["policy_arn"]} if there else None

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        verb = {"creating": "attaching", "deleting": "detaching"}.get(doing)
        text = super().explain(error, doing, values)
        if verb is None:
            return text
        preposition = "to" if verb == "attaching" else "from"
        what = f"{verb} IAM Policy ({values['policy_arn']}) {preposition} IAM Role ({values['role']})"
        return what + text[text.index(": ") :]


TYPES = (RolePolicy, RolePolicyAttachment)
