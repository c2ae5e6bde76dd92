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
    signed = signed_headers(url, credentials, method, body, headers or {}, service, region)
    return send(url, method=method, body=body or None, headers=signed)


def signed_headers(
    url: str,
    credentials: Credentials,
    method: str,
    body: bytes,
    headers: dict[str, str],
    service: str,
    region: str = "us-east-1",
) -> dict[str, str]:
    """Return the headers of a request, with those of its signature."""
    # Imported late: it takes 0.1 s.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as Keys

    request = AWSRequest(method, url, data=body, headers=headers)
    keys = Keys(credentials.access_key_id, credentials.secret_access_key)
    SigV4Auth(keys, service, region).add_auth(request)
    return dict(request.headers.items())
