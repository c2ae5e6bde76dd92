"""S3: the public access block of a bucket."""

from __future__ import annotations

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..resource import REGIONAL, Calls
from .bucket import GONE
from .configuration import BucketConfiguration

_STRUCTURE = "PublicAccessBlockConfiguration"


class PublicAccessBlock(BucketConfiguration):
    """The public access block of a bucket: settings that prevent public access.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
    """

    type_name = "aws_s3_bucket_public_access_block"
    label = "S3 Bucket Public Access Block"
    calls = Calls("put_public_access_block", update="put_public_access_block", delete="delete_public_access_block")
    identity = Identity(("bucket",), REGIONAL)
    gone = (*GONE, "NoSuchPublicAccessBlockConfiguration")

    def create(self, aws: Aws, planned: Values) -> Values:
        configuration = self.structure(aws, _STRUCTURE, planned)
        self.call(aws, "put_public_access_block", planned, PublicAccessBlockConfiguration=configuration)
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        return self.values(aws, _STRUCTURE, self.call(aws, "get_public_access_block", state)[_STRUCTURE])


TYPES = (PublicAccessBlock,)
