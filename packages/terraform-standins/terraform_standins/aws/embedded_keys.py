"""The stand-ins never work on AWS itself: its endpoints are refused, unless the access key is one of an embedded cloud.

AWS has issued no such key and refuses whatever is signed with it. So nothing happens in an account, wherever AWS's host
names lead: to an embedded cloud, as in tests of a deployment with these names, or to AWS.
"""

from __future__ import annotations

from typing import Any

from .partitions import is_aws

PREFIX = "LOCAL"
"""The beginning of an embedded cloud's access keys; those of AWS begin with A.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""


def is_embedded(access_key: str) -> bool:
    """Whether an access key is one of an embedded cloud."""
    return access_key.startswith(PREFIX)


def is_refused(url: str, credentials: Any) -> bool:
    """Whether a client for `url` with botocore's `credentials` could change something on AWS."""
    from botocore.credentials import Credentials

    # Not a subclass: those change their keys later.
    return is_aws(url) and not (type(credentials) is Credentials and is_embedded(credentials.access_key))
