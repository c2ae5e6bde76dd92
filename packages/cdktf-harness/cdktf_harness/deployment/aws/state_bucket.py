"""An S3 bucket for Terraform's state: versioned, encrypted, private, over TLS only."""

from __future__ import annotations

import json
from typing import Any

from cdktf_harness.deployment.aws.deployment import Account
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.system.errors import HarnessError
from terraform_standins.aws.partitions import partition_of

TAG = {"Key": "cdktf-harness", "Value": "terraform-state"}
_OLD_VERSIONS_DAYS = 90
_NOT_FOUND = ("404", "NoSuchBucket")


def bootstrap(account: Account, bucket: str) -> bool:
    """Create the bucket if it does not exist, and set all its properties; return whether it was created.

    Raises HarnessError for a bucket of another account, in another region, or without this module's tag.
    """
    # Imported late: it takes 0.1 s.
    import boto3

    s3 = boto3.client("s3", region_name=account.region)
    with one_line_errors():
        created = not _exists(s3, account, bucket)
        if created:
            elsewhere = {"LocationConstraint": account.region} if account.region != "us-east-1" else {}
            # With the tag at once: what is interrupted here is known as ours the next time.
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={**elsewhere, "Tags": [TAG]})
        _protect(s3, account, bucket)
    return created


def _exists(s3: Any, account: Account, bucket: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account.number)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_FOUND:
            return False
        raise HarnessError(
            f"bucket {bucket} is not one of account {account.number} in {account.region}: name another bucket ({error})"
        ) from None
    found = s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"
    if found != account.region:
        raise HarnessError(f"bucket {bucket} is in {found}, not in {account.region}: name another bucket")
    try:
        tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchTagSet":
            raise
        tags = []
    if TAG not in tags:
        raise HarnessError(
            f"bucket {bucket} was not made for Terraform's state: name another bucket, or give it the tag "
            f"{TAG['Key']}={TAG['Value']}"
        )
    return True


def _protect(s3: Any, account: Account, bucket: str) -> None:
    arn = f"arn:{partition_of(account.region)['id']}:s3:::{bucket}"
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    old_versions = {
        "ID": "old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_VERSIONS_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    private = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=private)
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    encrypted = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encrypted)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [tls_only]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [old_versions]})
