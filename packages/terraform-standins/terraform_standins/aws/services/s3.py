"""S3: configurations of buckets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..declaration import REGIONAL
from ..resource import POLICY, Answer, Aws, AwsResource, Calls, Change, DiagnosticError, Identity, Values, first, given

_OF_BUCKET = Identity(
    ("bucket",),
    (*REGIONAL, "expected_bucket_owner"),
    lambda i: ",".join(given(a=i["bucket"], b=i.get("expected_bucket_owner")).values()),
)


_WHERE = {
    "lambda_function": "LambdaFunctionConfigurations",
    "queue": "QueueConfigurations",
    "topic": "TopicConfigurations",
}


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
    calls = Calls.of("bucket_versioning", create="put", update="put", delete="")

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # Versioning can be suspended, but not disabled again.
        old = first((change.prior or {}).get("versioning_configuration")).get("status")
        new = first(change.planned["versioning_configuration"]).get("status")
        if new == "Disabled" and old in ("Enabled", "Suspended"):
            raise DiagnosticError(f"versioning_configuration.status cannot be updated from '{old}' to '{new}'")

    def make(self, aws: Aws, planned: Values) -> Any:
        # A bucket without a configuration has the status Disabled.
        disabled = first(planned["versioning_configuration"])["status"] == "Disabled"
        return {} if disabled else super().make(aws, planned)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        configuration = {"status": found.get("Status", "Disabled"), "mfa_delete": found.get("MFADelete")}
        return {"versioning_configuration": [configuration]}

    def remove(self, aws: Aws, state: Values) -> None:
        # A bucket never becomes unversioned again.
        if first(state["versioning_configuration"]).get("status") != "Disabled":
            self.call(aws, "put_bucket_versioning", state, VersioningConfiguration={"Status": "Suspended"})


class Cors(BucketConfiguration):
    type_name, label = "aws_s3_bucket_cors_configuration", "S3 Bucket CORS Configuration"
    calls = Calls.of("bucket_cors", create="put", update="put")
    wrapper, derived = "CORSConfiguration", True


class Website(BucketConfiguration):
    type_name, label = "aws_s3_bucket_website_configuration", "S3 Bucket Website Configuration"
    calls = Calls.of("bucket_website", create="put", update="put")
    wrapper, derived = "WebsiteConfiguration", True
    computed = {
        "website_domain": "s3-website.{region}.{dns_suffix}",
        "website_endpoint": "{bucket}.s3-website.{region}.{dns_suffix}",
    }


class OwnershipControls(BucketConfiguration):
    type_name, label = "aws_s3_bucket_ownership_controls", "S3 Bucket Ownership Controls"
    calls = Calls.of("bucket_ownership_controls", create="put", update="put")
    wrapper, derived = "OwnershipControls", True
    identity = Identity(("bucket",), REGIONAL)


class Notification(BucketConfiguration):
    type_name, label = "aws_s3_bucket_notification", "S3 Bucket Notification"
    calls = Calls.of("bucket_notification_configuration", create="put", update="put", delete="")
    derived = True
    names = {
        f"{block}{name}": path
        for block in ("lambda_function", "queue", "topic")
        for name, path in {
            "": f"NotificationConfiguration.{_WHERE[block]}|{_WHERE[block]}",
            ".filter_prefix": "Filter.Key.FilterRules[Name=prefix].Value",
            ".filter_suffix": "Filter.Key.FilterRules[Name=suffix].Value",
        }.items()
    }
    identity = Identity(("bucket",), REGIONAL)

    def make(self, aws: Aws, planned: Values) -> Any:
        nothing: dict[str, Any] = {} if any(planned[name] for name in _WHERE) else {"NotificationConfiguration": {}}
        return self.call(aws, self.calls.create, planned, **nothing)

    def remove(self, aws: Aws, state: Values) -> None:
        self.call(aws, self.calls.create, {"bucket": state["bucket"]}, NotificationConfiguration={})


class Acl(BucketConfiguration):
    """A destroy leaves it as it is."""

    type_name, label = "aws_s3_bucket_acl", "S3 Bucket ACL"
    calls = Calls.of("bucket_acl", create="put", update="put", delete="")
    derived = True
    refused = ("access_control_policy",)

    def id_of(self, values: Values) -> str:
        return ",".join(filter(None, (values["bucket"], values["expected_bucket_owner"], values["acl"])))

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        # AWS answers the grants, not the canned ACL that they come from.
        return {}

    def from_import_id(self, import_id: str) -> Values:
        bucket, *owner, acl = import_id.split(",")
        return {"id": import_id, "bucket": bucket, "acl": acl, **given(expected_bucket_owner="".join(owner))}


class BucketPolicy(BucketConfiguration):
    type_name, label = "aws_s3_bucket_policy", "S3 Bucket Policy"
    calls = Calls.of("bucket_policy", create="put", update="put")
    documents = {"policy": POLICY}
    identity = Identity(("bucket",), REGIONAL)


class Lifecycle(BucketConfiguration):
    type_name, label = "aws_s3_bucket_lifecycle_configuration", "S3 Bucket Lifecycle Configuration"
    calls = replace(Calls.of("bucket_lifecycle_configuration", "put", "get", "put"), delete="delete_bucket_lifecycle")
    wrapper, lenient = "LifecycleConfiguration", True


class Logging(BucketConfiguration):
    type_name, label = "aws_s3_bucket_logging", "S3 Bucket Logging"
    calls = Calls.of("bucket_logging", create="put", update="put", delete="")
    lenient = True
    names = {
        name: f"LoggingEnabled.{member}|BucketLoggingStatus.LoggingEnabled.{member}"
        for name, member in (("target_bucket", "TargetBucket"), ("target_prefix", "TargetPrefix"))
    }
    # The embedded cloud ignores them.
    refused = ("target_grant", "target_object_key_format")

    def found(self, aws: Aws, state: Values) -> Any:
        found = super().found(aws, state)
        return found if "LoggingEnabled" in found else None

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).put_bucket_logging(Bucket=state["bucket"], BucketLoggingStatus={})


class Replication(BucketConfiguration):
    type_name, label = "aws_s3_bucket_replication_configuration", "S3 Bucket Replication Configuration"
    calls = Calls.of("bucket_replication", create="put", update="put")
    wrapper, derived, lenient = "ReplicationConfiguration", True, True
    identity = Identity(("bucket",), REGIONAL)
