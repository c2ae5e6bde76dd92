"""S3: buckets."""

from . import bucket, encryption, public_access_block, versioning

TYPES = (*bucket.TYPES, *encryption.TYPES, *public_access_block.TYPES, *versioning.TYPES)
