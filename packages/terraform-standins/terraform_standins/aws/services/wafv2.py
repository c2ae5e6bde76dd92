"""WAF: associations of web ACLs."""

from __future__ import annotations

from ...protocol.values import Values
from ..declaration import Calls
from ..resource import AwsResource


class WebAclAssociation(AwsResource):
    type_name, label, service = "aws_wafv2_web_acl_association", "WAFv2 WebACL Association", "wafv2"
    calls = Calls("associate_web_acl", "get_web_acl_for_resource", delete="disassociate_web_acl")
    answer = "WebACL"
    names = {"web_acl_arn": "WebACLArn|ARN"}
    id_form = "{web_acl_arn},{resource_arn}"
    # A new resource or web ACL is not available everywhere at once.
    temporary = ("WAFUnavailableEntityException",)

    def from_import_id(self, import_id: str) -> Values:
        acl, _, resource = import_id.partition(",")
        return {"id": import_id, "web_acl_arn": acl, "resource_arn": resource}
