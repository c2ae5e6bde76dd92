"""IAM: the policies of roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..names import name_of, parts, prefix_of
from ..policy import same_policy, stored, version_first
from ..resource import GLOBAL, AwsResource, error_code
from ..waiting import retry
from .role import GONE, PROPAGATION_SECONDS, attached, text_of


class RolePolicy(AwsResource):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html ."""

    type_name = "aws_iam_role_policy"
    label = "IAM Role Policy"
    identity = Identity(("role", "name"), GLOBAL, lambda i: f"{i['role']}:{i['name']}")
    service = "iam"
    gone = GONE
    regional = False
    arguments: ClassVar = {"name", "name_prefix", "role", "policy"}
    normalise: ClassVar = {"policy": version_first}
    suppress: ClassVar = {"policy": same_policy}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the policy."""
        return self._put(aws, planned["role"], name_of(planned), planned["policy"] or "")

    def _put(self, aws: Aws, role: str, name: str, policy: str) -> Values:
        self.client(aws).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)
        return {"id": f"{role}:{name}"}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the policy."""
        role, _, name = state["id"].partition(":")
        document = self.client(aws).get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        policy = stored(state.get("policy"), version_first(text_of(document)))
        return {"role": role, "name": name, "name_prefix": prefix_of(name), "policy": policy}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put the policy in the place of the old one."""
        self._put(aws, planned["role"], planned["name"], planned["policy"])

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the policy."""
        role, _, name = state["id"].partition(":")
        self.client(aws).delete_role_policy(RoleName=role, PolicyName=name)

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """Names both, and what was done in the provider's words."""
        if doing not in ("creating", "updating"):
            return super().explain(error, doing, values)
        text = super().explain(error, doing, {})
        return f"putting IAM Role ({values['role']}) Policy ({values['name']})" + text[text.index(": ") :]


class RolePolicyAttachment(AwsResource):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html .

    Its id is the one that it is imported with since version 6.1; before, it was made of time and a counter.
    """

    type_name = "aws_iam_role_policy_attachment"
    label = "IAM Role Policy Attachment"
    identity = Identity(("role", "policy_arn"), GLOBAL, lambda i: f"{i['role']}/{i['policy_arn']}")
    service = "iam"
    gone = GONE
    regional = False
    arguments: ClassVar = {"role", "policy_arn"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Attach the policy."""
        _one_by_one(self.client(aws).attach_role_policy, planned)
        return {"id": f"{planned['role']}/{planned['policy_arn']}"}

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Look whether it is among the role's."""
        there = state["policy_arn"] in attached(self.client(aws), state["role"])
        return {"role": state["role"], "policy_arn": state["policy_arn"]} if there else None

    def remove(self, aws: Aws, state: Values) -> None:
        """Detach the policy."""
        _one_by_one(self.client(aws).detach_role_policy, state)

    def from_import_id(self, import_id: str) -> Values:
        """`ROLE/POLICY_ARN`."""
        return {"id": import_id, **parts(import_id, "<role-name>/<policy_arn>", "role", "policy_arn")}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """Names both, and what was done in the provider's words."""
        verb = {"creating": "attaching", "deleting": "detaching"}.get(doing)
        text = super().explain(error, doing, values)
        if verb is None:
            return text
        preposition = "to" if verb == "attaching" else "from"
        what = f"{verb} IAM Policy ({values['policy_arn']}) {preposition} IAM Role ({values['role']})"
        return what + text[text.index(": ") :]


def _one_by_one(call: Callable[..., Any], values: Values) -> None:
    # IAM refuses changes of one role at the same time.
    retry(
        lambda: call(RoleName=values["role"], PolicyArn=values["policy_arn"]),
        lambda error: error_code(error).startswith("ConcurrentModification"),
        seconds=PROPAGATION_SECONDS,
    )


TYPES = (RolePolicy, RolePolicyAttachment)
