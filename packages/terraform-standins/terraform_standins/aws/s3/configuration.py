"""S3: the base class of the types that configure one aspect of a bucket."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..model import given
from ..resource import REGIONAL, AwsResource
from .bucket import GONE

OF_BUCKET = Identity(
    ("bucket",),
    (*REGIONAL, "expected_bucket_owner"),
    lambda i: ",".join(given(a=i["bucket"], b=i.get("expected_bucket_owner")).values()),
)


class BucketConfiguration(AwsResource):
    """A configuration of a bucket; its id is the bucket's name, or `BUCKET,OWNER`."""

    service = "s3"
    named_by = "bucket"
    gone: ClassVar[Collection[str]] = GONE

    def id_of(self, values: Values) -> str:
        return OF_BUCKET.id_of(values)

    def from_import_id(self, import_id: str) -> Values:
        bucket, _, owner = import_id.partition(",")
        return {"id": import_id, "bucket": bucket, **given(expected_bucket_owner=owner)}
