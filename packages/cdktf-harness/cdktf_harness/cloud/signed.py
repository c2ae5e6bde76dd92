"""Sign requests to an embedded cloud that no AWS client sends."""

from __future__ import annotations

import urllib.request

from cdktf_harness.cloud.access import Credentials


def signed(
    url: str,
    credentials: Credentials,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    service: str = "sts",
    region: str = "us-east-1",
) -> urllib.request.Request:
    """Return the request, signed with `credentials` for a service and region."""
    # Imported late: it takes 0.1 s.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as Keys

    request = AWSRequest(method, url, data=body, headers=headers or {})
    keys = Keys(credentials.access_key_id, credentials.secret_access_key)
    SigV4Auth(keys, service, region).add_auth(request)
    return urllib.request.Request(url, data=body or None, headers=dict(request.headers.items()), method=method)
