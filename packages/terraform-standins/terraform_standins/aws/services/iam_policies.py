"""IAM: managed policies, users, instance profiles."""

from __future__ import annotations

from ..resource import POLICY, Answer, Aws, AwsResource, Calls, Tagging, Values, same

_KINDS = ("group", "role", "user")


class Iam(AwsResource):
    service, regional, derived = "iam", False, True


class Policy(Iam):
    type_name, label = "aws_iam_policy", "IAM Policy"
    calls = Calls("create_policy", "get_policy", "create_policy_version", "delete_policy")
    answer = "Policy"
    names = {
        "id": "Arn|PolicyArn",
        "name": "PolicyName",
        "policy": "PolicyDocument",
    }
    extra = {"create_policy_version": {"SetAsDefault": True}}
    named_by = "name"
    tagging = Tagging("id", "list_policy_tags", "tag_policy", "untag_policy")
    documents = {"policy": POLICY}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        version = {"PolicyArn": found["Arn"], "VersionId": found["DefaultVersionId"]}
        document = self.client(aws).get_policy_version(**version)["PolicyVersion"]["Document"]
        return {**super().parsed(aws, state, found), "policy": self.document(document)}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        if not same(prior["policy"], planned["policy"]):
            self._forget(aws, planned, keep=4)
            super().update(aws, prior, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        self._forget(aws, state, keep=1)
        super().remove(aws, state)

    def _forget(self, aws: Aws, values: Values, keep: int) -> None:
        # AWS keeps five versions, and deletes no policy with more than one.
        who = {"PolicyArn": values["id"]}
        versions = self.client(aws).list_policy_versions(**who)["Versions"]
        old = sorted((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: int(v["VersionId"][1:]))
        for version in old[: max(len(versions) - keep, 0)]:
            self.client(aws).delete_policy_version(**who, VersionId=version["VersionId"])


class InstanceProfile(Iam):
    type_name, label = "aws_iam_instance_profile", "IAM Instance Profile"
    calls = Calls.of("instance_profile", update="")
    answer = "InstanceProfile"
    names = {
        "name": "InstanceProfileName",
        "unique_id": "InstanceProfileId",
        "role": "Roles[].RoleName|RoleName",
    }
    named_by = "name"
    tagging = Tagging("name", "list_instance_profile_tags", "tag_instance_profile", "untag_instance_profile")
    switches = {"role": ("add_role_to_instance_profile", "remove_role_from_instance_profile")}


class User(Iam):
    type_name, label = "aws_iam_user", "IAM User"
    calls = Calls.of("user", update="")
    answer = "User"
    names = {
        "name": "UserName",
        "unique_id": "UserId",
        "permissions_boundary": "PermissionsBoundary.PermissionsBoundaryArn",
    }
    named_by = "name"
    tagging = Tagging("name", "list_user_tags", "tag_user", "untag_user")
    switches = {"permissions_boundary": ("put_user_permissions_boundary", "delete_user_permissions_boundary")}
    kept = ("force_destroy",)


class UserPolicyAttachment(Iam):
    type_name, label = "aws_iam_user_policy_attachment", "IAM User Policy Attachment"
    calls = Calls("attach_user_policy", "list_attached_user_policies", delete="detach_user_policy")
    answer = "AttachedPolicies[]"
    names = {"user": "UserName"}
    named_by, id_form = "policy_arn", "{user}/{policy_arn}"
    import_form = ("<user-name>/<policy_arn>", "user", "policy_arn")
    verbs = {
        "creating": "attaching IAM Policy ({policy_arn}) to IAM User ({user})",
        "deleting": "detaching IAM Policy ({policy_arn}) from IAM User ({user})",
    }
    temporary = ("ConcurrentModification",)


class PolicyAttachment(Iam):
    type_name, label = "aws_iam_policy_attachment", "IAM Policy Attachment"
    calls = Calls(read="list_entities_for_policy")
    named_by, error_name = "name", "{name}"
    names = {f"{kind}s": f"{kind.title()}Name" for kind in _KINDS}
    switches = {f"{kind}s": (f"attach_{kind}_policy", f"detach_{kind}_policy") for kind in _KINDS}
    kept = ("name", "policy_arn")

    def read(self, aws: Aws, state: Values) -> Values | None:
        pages = self.client(aws).get_paginator(self.calls.read).paginate(PolicyArn=state["policy_arn"])
        found: dict[str, list[str]] = {name: [] for name in self.switches}
        for page in pages:
            for name in found:
                found[name] += [one[self.names[name]] for one in page[f"Policy{name.title()}"]]
        return found if any(found.values()) else None
