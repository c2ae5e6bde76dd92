"""WAF: the web ACL of a resource."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import AwsResource, Calls
from ..waiting import retry

_PROPAGATION_SECONDS = 300


class WebAclAssociation(AwsResource):
    """The association of a web ACL with a resource.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
    """

    type_name = "aws_wafv2_web_acl_association"
    label = "WAFv2 WebACL Association"
    service = "wafv2"
    calls = Calls(create="associate_web_acl", delete="disassociate_web_acl")
    names: ClassVar = {"web_acl_arn": "WebACLArn"}
    gone = ("WAFNonexistentItemException",)

    def id_of(self, values: Values) -> str:
        return f"{values['web_acl_arn']},{values['resource_arn']}"

    def create(self, aws: Aws, planned: Values) -> Values:
        # A new resource or web ACL is not available everywhere at once.
        retry(
            lambda: self.call(aws, "associate_web_acl", planned),
            lambda error: "WAFUnavailableEntityException" in str(error),
            seconds=_PROPAGATION_SECONDS,
        )
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values | None:
        found = self.client(aws).get_web_acl_for_resource(ResourceArn=state["resource_arn"]).get("WebACL")
        return {"web_acl_arn": found["ARN"], "resource_arn": state["resource_arn"]} if found else None

    def from_import_id(self, import_id: str) -> Values:
        acl, _, resource = import_id.partition(",")
        return {"id": import_id, "web_acl_arn": acl, "resource_arn": resource}


TYPES = (WebAclAssociation,)
