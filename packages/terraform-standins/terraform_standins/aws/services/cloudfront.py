"""CloudFront: distributions and the access to their origins; records, nothing is forwarded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait, unique_id

ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of all distributions."""
_BEHAVIOR = {
    "cached_methods": "AllowedMethods.CachedMethods",
    "lambda_function_association.lambda_arn": "LambdaFunctionARN",
}


class _CloudFront(AwsResource):
    """A change needs the ETag of the last answer."""

    service, regional, derived, lenient = "cloudfront", False, True, True

    def call(self, aws: Aws, method: str, values: Values, *, keep: Collection[str] = (), **more: Any) -> Any:
        request = {**self._request(aws, method, values, keep), **more}
        if method in self.calls.updates or method == self.calls.delete:
            request["IfMatch"] = self._read(aws, values["id"])["ETag"]
        if config := request.get(self.wrapper):
            self.fill(config, values.get("caller_reference") or unique_id("terraform-"))
        return getattr(self.client(aws), method)(**request)

    def fill(self, config: dict[str, Any], reference: str) -> None:
        """Set what AWS requires of a configuration."""

    def _read(self, aws: Aws, id_: str) -> Any:
        return getattr(self.client(aws), self.calls.read)(Id=id_)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, state, found)
        reference = found.get(self.wrapper, {}).get("CallerReference", "")
        return {**values, "etag": self._read(aws, found["Id"])["ETag"], "caller_reference": reference}


class AccessControl(_CloudFront):
    type_name, label = "aws_cloudfront_origin_access_control", "CloudFront Origin Access Control"
    calls = Calls.of("origin_access_control")
    answer, wrapper = "OriginAccessControl", "OriginAccessControlConfig"
    names = {"id": "Id"}
    computed = {"arn": "arn:{partition}:cloudfront::{account_id}:origin-access-control/{id}"}


class AccessIdentity(_CloudFront):
    type_name, label = "aws_cloudfront_origin_access_identity", "CloudFront Origin Access Identity"
    calls = Calls.of("cloud_front_origin_access_identity")
    answer, wrapper = "CloudFrontOriginAccessIdentity", "CloudFrontOriginAccessIdentityConfig"
    names = {"id": "Id"}
    computed = {
        "arn": "arn:{partition}:cloudfront::{account_id}:origin-access-identity/{id}",
        "cloudfront_access_identity_path": "origin-access-identity/cloudfront/{id}",
        "iam_arn": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
    }

    def fill(self, config: dict[str, Any], reference: str) -> None:
        config.update({"CallerReference": reference, "Comment": config.get("Comment", "")})


class Distribution(_CloudFront):
    type_name, label = "aws_cloudfront_distribution", "CloudFront Distribution"
    calls = Calls.of("distribution")
    answer, wrapper = "Distribution", "DistributionConfig"
    names = {
        "id": "Id",
        "arn": "ARN",
        "ordered_cache_behavior": "DistributionConfig.CacheBehaviors",
        **{f"{of}_cache_behavior.{name}": path for of in ("default", "ordered") for name, path in _BEHAVIOR.items()},
        "origin.origin_id": "Id",
        "origin.custom_header.name": "HeaderName",
        "origin.custom_header.value": "HeaderValue",
        "origin_group.origin_id": "Id",
        "restrictions.geo_restriction.locations": "Items",
    }
    computed = {"hosted_zone_id": ZONE}
    waits = Wait("Status", ("InProgress",), after_delete=False)
    tagging = Tagging()
    kept = ("wait_for_deployment", "retain_on_delete")
    refused = ("viewer_certificate.iam_certificate_id",)

    def fill(self, config: dict[str, Any], reference: str) -> None:
        config["CallerReference"] = reference
        config.setdefault("Comment", "")
        for origin in config["Origins"]["Items"]:
            if "CustomOriginConfig" not in origin:
                origin.setdefault("S3OriginConfig", {"OriginAccessIdentity": ""})

    def remove(self, aws: Aws, state: Values) -> None:
        if state["retain_on_delete"] or state["enabled"]:
            self.call(aws, self.calls.updates[0], {**state, "enabled": False}, keep=("enabled",))
            self.wait(aws, state)
        if not state["retain_on_delete"]:
            super().remove(aws, state)
