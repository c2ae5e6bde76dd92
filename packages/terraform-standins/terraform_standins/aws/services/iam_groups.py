"""IAM: groups, inline policies of users and groups, access keys, identity providers."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from functools import reduce
from typing import Any

from ..policy import INLINE_POLICY
from ..resource import Aws, Calls, Tagging, Values
from .iam_policies import Iam, UserPolicyAttachment


class Group(Iam):
    type_name, label = "aws_iam_group", "IAM Group"
    # The embedded cloud has no UpdateGroup.
    calls = Calls.of("group", update="")
    answer, named_by = "Group", "name"
    names = {"name": "GroupName", "unique_id": "GroupId"}


class _InlinePolicy(Iam):
    documents = {"policy": INLINE_POLICY}
    named_by = "name"


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


_MEMBERSHIP = ("add_user_to_group", "remove_user_from_group")


class GroupMembership(Iam):
    type_name, label, named_by = "aws_iam_group_membership", "IAM Group Membership", "name"
    names, switches = {"group": "GroupName", "users": "UserName"}, {"users": _MEMBERSHIP}
    kept = ("group", "name")

    def read(self, aws: Aws, state: Values) -> Values:
        pages = self.client(aws).get_paginator("get_group").paginate(GroupName=state["group"])
        return {"users": [user["UserName"] for page in pages for user in page["Users"]]}


class UserGroupMembership(Iam):
    type_name, label, named_by = "aws_iam_user_group_membership", "IAM User Group Membership", "user"
    names, switches = {"user": "UserName", "groups": "GroupName"}, {"groups": _MEMBERSHIP}
    kept = ("user",)

    def read(self, aws: Aws, state: Values) -> Values:
        pages = self.client(aws).get_paginator("list_groups_for_user").paginate(UserName=state["user"])
        found = {group["GroupName"] for page in pages for group in page["Groups"]}
        return {"groups": sorted(found.intersection(state["groups"] or found))}


class AccessKey(Iam):
    type_name, label = "aws_iam_access_key", "IAM Access Key"
    calls = Calls.of("access_key", read="list*")
    answer, found_by = "AccessKeyMetadata[]", ("user",)
    names = {"id": "AccessKeyId", "user": "UserName"}

    def make(self, aws: Aws, planned: Values) -> Any:
        answer = super().make(aws, planned)
        planned["secret"] = secret = answer["AccessKey"]["SecretAccessKey"]
        parts = ("11111111", aws.region, "ses", "aws4_request", "SendRawEmail")
        key = reduce(lambda key, part: hmac.digest(key, part.encode(), "sha256"), parts, f"AWS4{secret}".encode())
        planned["ses_smtp_password_v4"] = base64.b64encode(b"\x04" + key).decode()
        return answer


class OpenIdConnectProvider(Iam):
    type_name, label = "aws_iam_openid_connect_provider", "IAM OIDC Provider"
    # The embedded cloud changes neither thumbprints nor client ids.
    calls = replace(Calls.of("open_id_connect_provider"), update=())
    names = {"id": "OpenIDConnectProviderArn"}
    # AWS answers the URL without the scheme.
    computed = {"arn": "{id}", "url": lambda values, _: f"https://{values['url'].removeprefix('https://')}"}
    tagging = Tagging(
        "id",
        "list_open_id_connect_provider_tags",
        "tag_open_id_connect_provider",
        "untag_open_id_connect_provider",
    )
