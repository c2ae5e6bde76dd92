"""S3: what a bucket is configured with by a type of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import Values
from ..cloud import Aws
from ..messages import or_none
from ..model import first, given
from ..resource import REGIONAL, AwsResource
from .bucket import GONE, rules_of

_IDENTITY = Identity(
    ("bucket",),
    (*REGIONAL, "expected_bucket_owner"),
    lambda i: ",".join(given(a=i["bucket"], b=i.get("expected_bucket_owner")).values()),
)


class _OfBucket(AwsResource):
    """A configuration of a bucket: its id is the bucket's name, or `BUCKET,OWNER`."""

    service = "s3"
    gone: ClassVar[Collection[str]] = GONE

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the configuration."""
        self.put(aws, planned)
        return {"id": ",".join(given(a=planned["bucket"], b=planned.get("expected_bucket_owner")).values())}

    def put(self, aws: Aws, planned: Values) -> None:
        """Put the configuration, in the place of the one that is there."""
        raise NotImplementedError

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again."""
        self.put(aws, planned)

    def from_import_id(self, import_id: str) -> Values:
        """`BUCKET` or `BUCKET,OWNER`."""
        bucket, _, owner = import_id.partition(",")
        return {"id": import_id, "bucket": bucket, **given(expected_bucket_owner=owner)}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """By the bucket's name also before there is an id."""
        return super().explain(error, doing, {"name": values.get("id") or values.get("bucket")})


class Versioning(_OfBucket):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html ."""

    type_name = "aws_s3_bucket_versioning"
    label = "S3 Bucket Versioning"
    identity = _IDENTITY
    arguments: ClassVar = {"bucket", "expected_bucket_owner", "mfa", "versioning_configuration"}

    def customise(self, aws: Aws, change: Change) -> None:
        """Versioning can be suspended, but never disabled again."""
        super().customise(aws, change)
        old = first((change.prior or {}).get("versioning_configuration")).get("status")
        new = first(change.planned["versioning_configuration"]).get("status")
        if new == "Disabled" and old in ("Enabled", "Suspended"):
            message = f"versioning_configuration.status cannot be updated from '{old}' to '{new}'"
            raise DiagnosticError(Diagnostic(message))

    def put(self, aws: Aws, planned: Values) -> None:
        """Put the configuration; `Disabled` is what a bucket has before its first one."""
        wanted = first(planned["versioning_configuration"])
        if wanted["status"] != "Disabled":
            self._put(aws, planned, given(Status=wanted["status"], MFADelete=wanted["mfa_delete"]))

    def _put(self, aws: Aws, values: Values, configuration: dict[str, Any]) -> None:
        self.client(aws).put_bucket_versioning(
            **_who(values), **given(MFA=values["mfa"]), VersioningConfiguration=configuration
        )

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the configuration."""
        answer = self.client(aws).get_bucket_versioning(**_who(state))
        configuration = {"status": answer.get("Status", "Disabled"), "mfa_delete": answer.get("MFADelete")}
        return {"versioning_configuration": [configuration]}

    def remove(self, aws: Aws, state: Values) -> None:
        """Suspend versioning: there is no way back to a bucket that never had it."""
        if first(state["versioning_configuration"]).get("status") != "Disabled":
            self._put(aws, state, {"Status": "Suspended"})


class PublicAccessBlock(_OfBucket):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html ."""

    type_name = "aws_s3_bucket_public_access_block"
    label = "S3 Bucket Public Access Block"
    gone = (*GONE, "NoSuchPublicAccessBlockConfiguration")
    arguments: ClassVar = {
        "bucket",
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
        "skip_destroy",
    }

    def put(self, aws: Aws, planned: Values) -> None:
        """Put all four."""
        configuration = {key: bool(planned[name]) for name, key in _BLOCKS.items()}
        self.client(aws).put_public_access_block(**_who(planned), PublicAccessBlockConfiguration=configuration)

    def read(self, aws: Aws, state: Values) -> Values:
        """Get all four."""
        answer = self.client(aws).get_public_access_block(**_who(state))["PublicAccessBlockConfiguration"]
        return {name: answer.get(key) for name, key in _BLOCKS.items()}

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the configuration, unless `skip_destroy` says to leave it."""
        if not state["skip_destroy"]:
            self.client(aws).delete_public_access_block(**_who(state))


class Encryption(_OfBucket):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html .

    The embedded cloud drops `blocked_encryption_types`; it is refused.
    """

    type_name = "aws_s3_bucket_server_side_encryption_configuration"
    label = "S3 Bucket Server-side Encryption Configuration"
    identity = _IDENTITY
    arguments: ClassVar = {
        "bucket",
        "expected_bucket_owner",
        "rule.apply_server_side_encryption_by_default",
        "rule.bucket_key_enabled",
    }

    def put(self, aws: Aws, planned: Values) -> None:
        """Put the rules."""
        rules = [
            given(
                ApplyServerSideEncryptionByDefault=_default(rule["apply_server_side_encryption_by_default"]),
                BucketKeyEnabled=rule["bucket_key_enabled"],
            )
            for rule in planned["rule"]
        ]
        self.client(aws).put_bucket_encryption(**_who(planned), ServerSideEncryptionConfiguration={"Rules": rules})

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Get the rules."""
        absent = "ServerSideEncryptionConfigurationNotFoundError"
        answer = or_none(lambda: self.client(aws).get_bucket_encryption(**_who(state)), absent)
        return {"rule": rules_of(answer)} if answer else None

    def remove(self, aws: Aws, state: Values) -> None:
        """Go back to AWS's own encryption."""
        self.client(aws).delete_bucket_encryption(**_who(state))


def _default(blocks: list[Values]) -> dict[str, str]:
    block = first(blocks)
    return given(SSEAlgorithm=block.get("sse_algorithm"), KMSMasterKeyID=block.get("kms_master_key_id"))


_BLOCKS = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}
"""Argument -> AWS's name."""


def _who(values: Values) -> dict[str, Any]:
    return {"Bucket": values["bucket"], **given(ExpectedBucketOwner=values.get("expected_bucket_owner"))}


TYPES = (Versioning, PublicAccessBlock, Encryption)
