"""S3: buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..declaration import GONE, REGIONAL
from ..documents import normalise_json
from ..partitions import dns_suffix
from ..resource import (
    POLICY,
    Aws,
    AwsResource,
    Calls,
    DiagnosticError,
    Identity,
    Tagging,
    Values,
    as_list,
    first,
    given,
    or_none,
)
from ..tags import Tags, from_list
from .hosted_zones import HOSTED_ZONES

_FIRST_REGION = "us-east-1"


_INLINE = {
    "cors_rule": "put_bucket_cors",
    "logging": "put_bucket_logging",
    "policy": "put_bucket_policy",
    "server_side_encryption_configuration": "put_bucket_encryption",
    "website": "put_bucket_website",
}
_VERSIONING = {"enabled": "Status", "mfa_delete": "MFADelete"}


class _BucketTagging(Tagging):
    """The tags of a bucket: a call sets all of them, and must keep AWS's own."""

    def read(self, client: Any, state: Mapping[str, Any]) -> Tags:
        answer = or_none(lambda: client.get_bucket_tagging(Bucket=state["bucket"]), GONE)
        return from_list(answer["TagSet"]) if answer else {}

    def change(self, client: Any, state: Mapping[str, Any], old: Tags, new: Tags) -> None:
        if old == new:
            return
        own = {key: value for key, value in self.read(client, state).items() if key.startswith("aws:")}
        if tags := as_list({**new, **own}):
            client.put_bucket_tagging(Bucket=state["bucket"], Tagging={"TagSet": tags})
        else:
            client.delete_bucket_tagging(Bucket=state["bucket"])


class Bucket(AwsResource):
    """Of the arguments that have their own resource type since version 4, those that many apps still set are
    implemented, and the others (`lifecycle_rule`, `grant`...) refused."""

    type_name, label, service = "aws_s3_bucket", "S3 Bucket", "s3"
    calls = Calls.of("bucket", read="", update="")
    names = {
        "object_lock_enabled": "ObjectLockEnabledForBucket",
        "cors_rule": "CORSConfiguration.CORSRules",
        "logging": "BucketLoggingStatus.LoggingEnabled",
        "website": "WebsiteConfiguration",
        "website.error_document": "ErrorDocument.Key",
        "website.index_document": "IndexDocument.Suffix",
    }
    documents = {"policy": POLICY}
    named_by = "bucket"
    identity = Identity(("bucket",), REGIONAL)
    tagging = _BucketTagging()
    arguments = {
        *("acl", "bucket", "bucket_prefix", "force_destroy", "object_lock_enabled", "versioning.enabled"),
        *("website.error_document", "website.index_document", *(_INLINE.keys() - {"website"})),
    }

    kept = ("force_destroy", "versioning", *_INLINE)

    def make(self, aws: Aws, planned: Values) -> Any:
        place = {} if aws.region == _FIRST_REGION else {"LocationConstraint": aws.region}
        return self.call(aws, "create_bucket", planned, **given(CreateBucketConfiguration=place))

    def complete(self, aws: Aws, created: Values) -> None:
        self.tagging.change(self.client(aws), created, {}, created["tags_all"] or {})
        self._configure(aws, {}, created)

    def _configure(self, aws: Aws, prior: Values, planned: Values) -> None:
        for name, method in _INLINE.items():
            if planned[name] and prior.get(name) != planned[name]:
                self.call(aws, method, planned)
        old, new = (bool(first(values.get("versioning")).get("enabled")) for values in (prior, planned))
        if old != new:
            status = {"Status": "Enabled" if new else "Suspended"}
            self.client(aws).put_bucket_versioning(Bucket=planned["bucket"], VersioningConfiguration=status)

    def read(self, aws: Aws, state: Values) -> Values:
        client, bucket = self.client(aws), state["bucket"]
        who = {"Bucket": bucket}
        client.head_bucket(**who)
        lock = or_none(lambda: client.get_object_lock_configuration(**who), GONE)
        policy = or_none(lambda: client.get_bucket_policy(**who), GONE)
        encryption = or_none(lambda: client.get_bucket_encryption(**who), GONE) or {}
        versioning = client.get_bucket_versioning(**who)
        suffix = dns_suffix(aws.region)
        domain = f"s3-website.{aws.region}.{suffix}" if state.get("website") else None
        return {
            "website_domain": domain,
            "website_endpoint": domain and f"{bucket}.{domain}",
            "arn": f"arn:{aws.partition}:s3:::{bucket}",
            "bucket": bucket,
            "bucket_domain_name": f"{bucket}.s3.{suffix}",
            "bucket_region": aws.region,
            "bucket_regional_domain_name": f"{bucket}.s3.{aws.region}.{suffix}",
            "hosted_zone_id": HOSTED_ZONES.get(aws.region),
            "object_lock_enabled": lock is not None,
            "object_lock_configuration": [{"object_lock_enabled": "Enabled", "rule": []}] if lock else [],
            "policy": normalise_json(policy["Policy"]) if policy else None,
            "acceleration_status": client.get_bucket_accelerate_configuration(**who).get("Status"),
            "request_payer": client.get_bucket_request_payment(**who).get("Payer", "BucketOwner"),
            "grant": _grants(client.get_bucket_acl(**who)),
            "versioning": [{name: versioning.get(key) == "Enabled" for name, key in _VERSIONING.items()}],
            **self.values(aws, "GetBucketEncryptionOutput", encryption),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Change the ACL and what has its own type; `force_destroy` is for the delete only."""
        self._configure(aws, prior, planned)
        if prior["acl"] != planned["acl"]:
            self.client(aws).put_bucket_acl(Bucket=planned["bucket"], ACL=planned["acl"] or "private")

    def remove(self, aws: Aws, state: Values) -> None:
        if state["force_destroy"]:
            _empty(self.client(aws), state["bucket"], locked=bool(state["object_lock_enabled"]))
        super().remove(aws, state)


def _empty(client: Any, bucket: str, *, locked: bool) -> None:
    """Delete all versions of all objects. S3 answers 200 and lists those that it did not delete."""
    bypass = given(BypassGovernanceRetention=locked)
    kept: list[dict[str, str]] = []
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        if objects:
            answer = client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, **bypass)
            kept += [error for error in answer.get("Errors", []) if error["Code"] != "NoSuchKey"]
    if kept:
        listed = "\n".join(
            f"deleting: S3 object ({error['Key']}) version ({error.get('VersionId', '')}): "
            f"{error['Code']}: {error.get('Message', '')}"
            for error in kept
        )
        raise DiagnosticError(f"emptying S3 Bucket ({bucket}): {listed}")


def _grants(answer: dict[str, Any]) -> list[Values]:
    grants: dict[tuple[str, str, str], list[str]] = {}
    for grant in answer["Grants"]:
        grantee = grant["Grantee"]
        key = (grantee.get("ID", ""), grantee["Type"], grantee.get("URI", ""))
        grants.setdefault(key, []).append(grant["Permission"])
    return [
        {"id": id_, "type": type_, "uri": uri, "permissions": permissions}
        for (id_, type_, uri), permissions in grants.items()
    ]
