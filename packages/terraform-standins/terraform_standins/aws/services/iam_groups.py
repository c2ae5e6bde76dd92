"""IAM: groups, inline policies of users and groups, access keys, identity providers."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls
from ..model import timestamp
from ..policy import INLINE_POLICY
from ..tags import Tagging
from .iam_policies import Iam, UserPolicyAttachment


class Group(Iam):
    type_name, label = "aws_iam_group", "IAM Group"
    # The embedded cloud has no UpdateGroup.
    calls = Calls("create_group", "get_group", delete="delete_group")
    answer, named_by = "Group", "name"
    names = {"name": "GroupName", "unique_id": "GroupId"}


class _InlinePolicy(Iam):
    documents = {"policy": INLINE_POLICY}
    named_by = "name"

    def from_import_id(self, import_id: str) -> Values:
        of, _, name = import_id.partition(":")
        return {"id": import_id, self.id_form[1:].partition("}")[0]: of, "name": name}


class UserPolicy(_InlinePolicy):
    type_name, label, id_form = "aws_iam_user_policy", "IAM User Policy", "{user}:{name}"
    calls = Calls.of("user_policy", create="put", update="put")
    names = {"user": "UserName", "name": "PolicyName", "policy": "PolicyDocument"}


class GroupPolicy(_InlinePolicy):
    type_name, label, id_form = "aws_iam_group_policy", "IAM Group Policy", "{group}:{name}"
    calls = Calls.of("group_policy", create="put", update="put")
    names = {"group": "GroupName", "name": "PolicyName", "policy": "PolicyDocument"}


class GroupPolicyAttachment(Iam):
    type_name, label = "aws_iam_group_policy_attachment", "IAM Group Policy Attachment"
    calls = Calls("attach_group_policy", "list_attached_group_policies", delete="detach_group_policy")
    answer, names = "AttachedPolicies[]", {"group": "GroupName"}
    named_by, id_form = "policy_arn", "{group}/{policy_arn}"
    import_form = ("<group-name>/<policy_arn>", "group", "policy_arn")
    verbs = {doing: told.replace("User ({user", "Group ({group") for doing, told in UserPolicyAttachment.verbs.items()}
    temporary = ("ConcurrentModification",)


class _Membership(Iam):
    """Users of groups: `of` is the one, `members` are the others."""

    of: ClassVar[str]
    members: ClassVar[str]

    @property
    def kept(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.of, self.members, "name")

    def changeable(self) -> set[str]:
        return {self.members}

    def create(self, aws: Aws, planned: Values) -> Values:
        self.update(aws, {**planned, self.members: []}, planned)
        return {"id": planned.get("name") or planned[self.of]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        old, new = ({*(values[self.members] or ())} for values in (prior, planned))
        for method, names in (("add_user_to_group", new - old), ("remove_user_from_group", old - new)):
            for name in sorted(names):
                who = {self.of: planned[self.of], self.members.removesuffix("s"): name}
                getattr(self.client(aws), method)(GroupName=who["group"], UserName=who["user"])

    def remove(self, aws: Aws, state: Values) -> None:
        self.update(aws, state, {**state, self.members: []})


class GroupMembership(_Membership):
    type_name, label, of, members = "aws_iam_group_membership", "IAM Group Membership", "group", "users"

    def read(self, aws: Aws, state: Values) -> Values:
        pages = self.client(aws).get_paginator("get_group").paginate(GroupName=state["group"])
        return {"users": [user["UserName"] for page in pages for user in page["Users"]]}


class UserGroupMembership(_Membership):
    type_name, label, of, members = "aws_iam_user_group_membership", "IAM User Group Membership", "user", "groups"

    def read(self, aws: Aws, state: Values) -> Values:
        pages = self.client(aws).get_paginator("list_groups_for_user").paginate(UserName=state["user"])
        found = {group["GroupName"] for page in pages for group in page["Groups"]}
        return {"groups": sorted(found.intersection(state["groups"] or found))}


class AccessKey(Iam):
    type_name, label = "aws_iam_access_key", "IAM Access Key"
    calls = Calls("create_access_key", "list_access_keys", "update_access_key", "delete_access_key")
    answer, found_by = "AccessKeyMetadata[]", ("user",)
    names = {"id": "AccessKeyId", "user": "UserName"}
    refused = ("pgp_key",)

    def make(self, aws: Aws, planned: Values) -> Any:
        answer = super().make(aws, planned)
        planned["secret"] = secret = answer["AccessKey"]["SecretAccessKey"]
        parts = ("11111111", aws.region, "ses", "aws4_request", "SendRawEmail")
        key = reduce(lambda key, part: hmac.digest(key, part.encode(), "sha256"), parts, f"AWS4{secret}".encode())
        planned["ses_smtp_password_v4"] = base64.b64encode(b"\x04" + key).decode()
        return answer

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        return {**super().parsed(aws, state, found), "create_date": timestamp(found["CreateDate"])}


class OpenIdConnectProvider(Iam):
    type_name, label = "aws_iam_openid_connect_provider", "IAM OIDC Provider"
    # The embedded cloud changes neither thumbprints nor client ids.
    calls = replace(Calls.of("open_id_connect_provider"), update=())
    names = {"id": "OpenIDConnectProviderArn"}
    computed = {"arn": "{id}"}
    tagging = Tagging(
        "id",
        "list_open_id_connect_provider_tags",
        "tag_open_id_connect_provider",
        "untag_open_id_connect_provider",
    )

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        # AWS answers the URL without the scheme.
        values = super().parsed(aws, state, found)
        return {**values, "url": f"https://{values['url'].removeprefix('https://')}"}
