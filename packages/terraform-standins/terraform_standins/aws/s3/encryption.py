"""S3: the encryption of a bucket."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..messages import or_none
from ..resource import Calls
from .bucket import NO_ENCRYPTION
from .configuration import OF_BUCKET, BucketConfiguration

_STRUCTURE = "ServerSideEncryptionConfiguration"


class Encryption(BucketConfiguration):
    """The default encryption of a bucket's objects.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
    """

    type_name = "aws_s3_bucket_server_side_encryption_configuration"
    label = "S3 Bucket Server-side Encryption Configuration"
    calls = Calls("put_bucket_encryption", update="put_bucket_encryption", delete="delete_bucket_encryption")
    names: ClassVar = {"rule": "Rules"}
    identity = OF_BUCKET
    # The embedded cloud ignores it.
    refused = ("rule.blocked_encryption_types",)

    def create(self, aws: Aws, planned: Values) -> Values:
        configuration = self.structure(aws, _STRUCTURE, planned)
        self.call(aws, "put_bucket_encryption", planned, ServerSideEncryptionConfiguration=configuration)
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = or_none(lambda: self.call(aws, "get_bucket_encryption", state), NO_ENCRYPTION)
        return answer and self.values(aws, _STRUCTURE, answer[_STRUCTURE])


TYPES = (Encryption,)
