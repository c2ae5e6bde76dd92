"""S3: buckets."""

from . import bucket, configurations

TYPES = (
    *bucket.TYPES,
    *configurations.TYPES,
)
