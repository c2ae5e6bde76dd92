"""S3: buckets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.values import Values
from ...resource import existing
from ..cloud import Aws
from ..documents import normalise_json
from ..messages import or_none
from ..model import given
from ..names import name_of, prefix_of
from ..partitions import dns_suffix
from ..resource import REGIONAL, AwsResource
from ..tags import Tagging, Tags, as_list, from_list
from .hosted_zones import HOSTED_ZONES

GONE = ("NoSuchBucket", "404", "NotFound")
_FIRST_REGION = "us-east-1"


@dataclass(frozen=True)
class _BucketTagging(Tagging):
    """A bucket's tags are set as a whole; AWS's own must stay."""

    def change(self, client: Any, state: Mapping[str, Any], old: Tags, new: Tags) -> None:
        if old == new:
            return
        bucket = state["id"]
        own = {key: value for key, value in _tags(client, bucket).items() if key.startswith("aws:")}
        put_tags(client, bucket, {**new, **own})


def put_tags(client: Any, bucket: str, tags: Mapping[str, str]) -> None:
    """Make these the bucket's tags."""
    if tags:
        client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": as_list(tags)})
    else:
        client.delete_bucket_tagging(Bucket=bucket)


def _tags(client: Any, bucket: str) -> dict[str, str]:
    answer = or_none(lambda: client.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet")
    return from_list(answer["TagSet"]) if answer else {}


class Bucket(AwsResource):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html .

    The arguments that have a type of their own since version 4 (`versioning`, `policy`, `lifecycle_rule`...) are
    refused. They are read where a companion of this provider sets them, and empty otherwise.
    """

    type_name = "aws_s3_bucket"
    label = "S3 Bucket"
    identity = Identity(("bucket",), REGIONAL)
    service = "s3"
    tagging = _BucketTagging("id")
    gone = GONE
    arguments: ClassVar = {"bucket", "bucket_prefix", "force_destroy", "object_lock_enabled"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the bucket, then its tags."""
        client, bucket = self.client(aws), name_of(planned, "bucket")
        place = {} if aws.region == _FIRST_REGION else {"LocationConstraint": aws.region}
        client.create_bucket(
            Bucket=bucket,
            **given(CreateBucketConfiguration=place, ObjectLockEnabledForBucket=planned["object_lock_enabled"]),
        )
        with existing(bucket):
            if planned["tags_all"]:
                put_tags(client, bucket, planned["tags_all"])
        return {"id": bucket, "bucket": bucket}

    def read(self, aws: Aws, state: Values) -> Values:
        """Ask for each configuration of its own."""
        client, bucket = self.client(aws), state["id"]
        client.head_bucket(Bucket=bucket)
        who = {"Bucket": bucket}
        lock = or_none(lambda: client.get_object_lock_configuration(**who), "ObjectLockConfigurationNotFoundError")
        policy = or_none(lambda: client.get_bucket_policy(**who), "NoSuchBucketPolicy")
        suffix = dns_suffix(aws.region)
        return {
            "arn": f"arn:{aws.partition}:s3:::{bucket}",
            "bucket": bucket,
            "bucket_prefix": prefix_of(bucket),
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
            "versioning": [_versioning(client.get_bucket_versioning(**who))],
            "server_side_encryption_configuration": _encryption(client, bucket),
            "tags": _tags(client, bucket),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """`force_destroy` is for the delete only; nothing else changes in place."""

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the bucket, with `force_destroy` all versions of all objects before."""
        client, bucket = self.client(aws), state["id"]
        if state["force_destroy"]:
            _empty(client, bucket, locked=bool(state["object_lock_enabled"]))
        client.delete_bucket(Bucket=bucket)

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """By name also before there is an id."""
        return super().explain(error, doing, {"name": values.get("bucket")})


def _empty(client: Any, bucket: str, *, locked: bool) -> None:
    """Delete all versions of all objects. S3 answers 200 and lists those that it keeps."""
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
        raise DiagnosticError(Diagnostic(f"emptying S3 Bucket ({bucket}): {listed}"))


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


def _versioning(answer: dict[str, Any]) -> Values:
    return {"enabled": answer.get("Status") == "Enabled", "mfa_delete": answer.get("MFADelete") == "Enabled"}


def _encryption(client: Any, bucket: str) -> list[Values]:
    absent = "ServerSideEncryptionConfigurationNotFoundError"
    answer = or_none(lambda: client.get_bucket_encryption(Bucket=bucket), absent)
    return [{"rule": rules_of(answer)}] if answer else []


def rules_of(answer: dict[str, Any]) -> list[Values]:
    """The rules of an encryption configuration."""
    return [
        {
            "bucket_key_enabled": rule.get("BucketKeyEnabled"),
            "apply_server_side_encryption_by_default": [
                {"sse_algorithm": default["SSEAlgorithm"], "kms_master_key_id": default.get("KMSMasterKeyID")}
                for default in [rule.get("ApplyServerSideEncryptionByDefault")]
                if default
            ],
        }
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]
    ]


TYPES = (Bucket,)
