"""S3: configurations of buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import REGIONAL, Calls
from ..model import first, given
from ..resource import AwsResource

_OF_BUCKET = Identity(
    ("bucket",),
    (*REGIONAL, "expected_bucket_owner"),
    lambda i: ",".join(given(a=i["bucket"], b=i.get("expected_bucket_owner")).values()),
)


class BucketConfiguration(AwsResource):
    """A configuration of a bucket; its id is the bucket's name, or `BUCKET,OWNER`."""

    service, named_by = "s3", "bucket"
    identity = _OF_BUCKET

    def id_of(self, values: Values) -> str:
        return _OF_BUCKET.id_of(values)

    def from_import_id(self, import_id: str) -> Values:
        bucket, _, owner = import_id.partition(",")
        return {"id": import_id, "bucket": bucket, **given(expected_bucket_owner=owner)}


class PublicAccessBlock(BucketConfiguration):
    type_name, label = "aws_s3_bucket_public_access_block", "S3 Bucket Public Access Block"
    calls = Calls.of("public_access_block", create="put", update="put")
    wrapper = "PublicAccessBlockConfiguration"
    identity = Identity(("bucket",), REGIONAL)


class Encryption(BucketConfiguration):
    type_name = "aws_s3_bucket_server_side_encryption_configuration"
    label = "S3 Bucket Server-side Encryption Configuration"
    calls = Calls.of("bucket_encryption", create="put", update="put")
    wrapper = "ServerSideEncryptionConfiguration"
    # The embedded cloud ignores it.
    refused = ("rule.blocked_encryption_types",)


class Versioning(BucketConfiguration):
    type_name, label = "aws_s3_bucket_versioning", "S3 Bucket Versioning"
    calls = Calls("put_bucket_versioning", "get_bucket_versioning", "put_bucket_versioning")

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # Versioning can be suspended, but not disabled again.
        old = first((change.prior or {}).get("versioning_configuration")).get("status")
        new = first(change.planned["versioning_configuration"]).get("status")
        if new == "Disabled" and old in ("Enabled", "Suspended"):
            message = f"versioning_configuration.status cannot be updated from '{old}' to '{new}'"
            raise DiagnosticError(Diagnostic(message))

    def make(self, aws: Aws, planned: Values) -> Any:
        # A bucket without a configuration has the status Disabled.
        disabled = first(planned["versioning_configuration"])["status"] == "Disabled"
        return {} if disabled else super().make(aws, planned)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        configuration = {"status": found.get("Status", "Disabled"), "mfa_delete": found.get("MFADelete")}
        return {"versioning_configuration": [configuration]}

    def remove(self, aws: Aws, state: Values) -> None:
        # A bucket never becomes unversioned again.
        if first(state["versioning_configuration"]).get("status") != "Disabled":
            self.call(aws, "put_bucket_versioning", state, VersioningConfiguration={"Status": "Suspended"})
