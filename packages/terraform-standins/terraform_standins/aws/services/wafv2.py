"""WAF: IP sets and associations of web ACLs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..resource import Aws, AwsResource, Calls, Tagging, Values


class WebAclAssociation(AwsResource):
    type_name, label, service = "aws_wafv2_web_acl_association", "WAFv2 WebACL Association", "wafv2"
    calls = Calls("associate_web_acl", "get_web_acl_for_resource", delete="disassociate_web_acl")
    answer = "WebACL"
    names = {"web_acl_arn": "WebACLArn|ARN"}
    id_form = "{web_acl_arn},{resource_arn}"
    # A new resource or web ACL is not available everywhere at once.
    temporary = ("WAFUnavailableEntityException",)


class IpSet(AwsResource):
    type_name, label, service, derived = "aws_wafv2_ip_set", "WAFv2 IPSet", "wafv2", True
    calls = Calls.of("ip_set")
    answer, named_by, names = "IPSet", "name", {"id": "Id"}
    computed = {"lock_token": lambda _, found: found["LockToken"]}
    tagging, import_form = Tagging(), ("ID/NAME/SCOPE", "id", "name", "scope")

    def found(self, aws: Aws, state: Values) -> Any:
        answer = self.call(aws, self.calls.read, state)
        return {**answer["IPSet"], "LockToken": answer["LockToken"]}

    def change(self, aws: Aws, method: str, planned: Values, changed: Collection[str]) -> None:
        self.call(aws, method, planned, LockToken=self.found(aws, planned)["LockToken"])

    def remove(self, aws: Aws, state: Values) -> None:
        self.call(aws, self.calls.delete, state, LockToken=self.found(aws, state)["LockToken"])
