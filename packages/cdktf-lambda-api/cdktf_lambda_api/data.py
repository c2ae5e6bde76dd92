"""What keeps data: a table, a bucket; and a topic."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableTtl,
)
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from constructs import Construct


class Table(Construct):
    """A DynamoDB table that is paid by request and restored to any second of the last 35 days.

    `keys` are the names and types ("S", "N" or "B") of its partition key and, if it has one, its sort key. Items end
    at the time in the attribute `expires`.
    """

    kind = "table"

    def __init__(self, scope: Construct, id_: str, *, name: str, keys: Mapping[str, str], expires: str = "") -> None:
        super().__init__(scope, id_)
        hash_key, *range_key = keys
        # checkov:skip=CKV_AWS_119: AWS's own key is enough; another one costs $1 a month
        table = DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=hash_key,
            range_key=range_key[0] if range_key else None,
            attribute=[DynamodbTableAttribute(name=key, type=type_) for key, type_ in keys.items()],
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            ttl=DynamodbTableTtl(attribute_name=expires, enabled=True) if expires else None,
        )
        self.name, self.arn = table.name, table.arn
        self.granted_arn = self.arn


class Bucket(Construct):
    """A private S3 bucket that keeps old versions; with `force_delete`, it is deleted with its objects."""

    kind = "bucket"

    def __init__(self, scope: Construct, id_: str, *, name: str, force_delete: bool = False) -> None:
        super().__init__(scope, id_)
        # checkov:skip=CKV_AWS_18: an access log needs a bucket of its own
        # checkov:skip=CKV_AWS_144: its region keeps each object in three places
        # checkov:skip=CKV_AWS_145: S3's own key is enough; another one costs $1 a month
        # checkov:skip=CKV2_AWS_61: the app knows for how long objects are needed
        # checkov:skip=CKV2_AWS_62: `Function.on_bucket` adds events
        bucket = S3Bucket(self, "bucket", bucket=name, force_destroy=force_delete)
        self.name, self.arn = bucket.bucket, bucket.arn
        self.granted_arn = f"{self.arn}/*"
        versioned = S3BucketVersioningVersioningConfiguration(status="Enabled")
        S3BucketVersioningA(self, "versions", bucket=self.name, versioning_configuration=versioned)
        S3BucketPublicAccessBlock(
            self,
            "private",
            bucket=self.name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )


class Topic(Construct):
    """An SNS topic that is encrypted with AWS's key for SNS, with which functions may publish, but not CloudWatch."""

    kind = "topic"

    def __init__(self, scope: Construct, id_: str, *, name: str) -> None:
        super().__init__(scope, id_)
        topic = SnsTopic(self, "topic", name=name, kms_master_key_id="alias/aws/sns")
        self.name, self.arn = topic.name, topic.arn
        self.granted_arn = self.arn
