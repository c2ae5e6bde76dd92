"""Signed requests to an embedded cloud that no AWS client sends."""

from __future__ import annotations

from cdktf_harness.cloud import Credentials
from cdktf_harness.system.http import Answer, send


def send_signed(
    url: str,
    credentials: Credentials,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    service: str = "sts",
    region: str = "us-east-1",
) -> Answer:
    """Sign a request with `credentials` for a service and region, and send it."""
    # Imported late: it takes 0.1 s.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as Keys

    request = AWSRequest(method, url, data=body, headers=headers or {})
    SigV4Auth(Keys(credentials.access_key_id, credentials.secret_access_key), service, region).add_auth(request)
    return send(url, method=method, body=body or None, headers=dict(request.headers.items()))
