"""Verify that a request is signed with credentials of this cloud.

Signature Version 4, in a header or in the query; ministack computes the canonical form. The body is not read if a
header has its hash.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from ministack.core import sigv4  # type: ignore[import-untyped]

from cdktf_harness.cloud.access import Credentials
from cdktf_harness.cloud.front_door.request import Request

HASH = "x-amz-content-sha256"
_signing_key = lru_cache(maxsize=256)(sigv4.derive_signing_key)
SecretOf = Callable[[str, str], str | None]


def refusal(request: Request, body: bytes, secret_of: SecretOf) -> str:
    """Return why the request's signature is not valid, or an empty string; `secret_of` maps key ids to secrets."""
    authorization = request.headers.get("authorization", "")
    presigned = not authorization and "X-Amz-Signature" in request.query
    if not (presigned or authorization.startswith("AWS4-HMAC-SHA256 ")):
        return "it is not signed"
    signature = (
        sigv4.parse_query_signature(request.query) if presigned else sigv4.parse_header_signature(request.headers)
    )
    if isinstance(signature, tuple):
        return f"its signature is incomplete ({signature[1]})"
    if "host" not in signature.signed_headers.split(";") or signature.date_stamp != signature.amz_date[:8]:
        return "its signature does not cover its host and date"
    token = request.headers.get("x-amz-security-token") or _first(request, "X-Amz-Security-Token")
    secret = secret_of(signature.access_key_id, token)
    if secret is None:
        return f"the access key {signature.access_key_id!r} is not one of this cloud"
    try:
        if presigned and sigv4.presigned_request_is_expired(signature.amz_date, _first(request, "X-Amz-Expires")):
            return "its signature has expired"
    except ValueError:
        return "its signature has no valid period"
    if not presigned and (late := sigv4.request_time_failure(signature)):
        return str(late[1])
    _, signed = sigv4.header_signing_documents(
        signature, request.method, request.raw_path, request.query, request.headers, body, presigned=presigned
    )
    key = _signing_key(secret, signature.date_stamp, signature.region, signature.service)
    expected = hmac.new(key, signed.encode(), "sha256").hexdigest()
    return "" if hmac.compare_digest(expected, signature.signature) else "its signature is not that of its access key"


def secrets_of(own: Iterable[Credentials], *, issued: bool = True) -> SecretOf:
    """Return a lookup of the secrets of `own` and, with `issued`, of credentials that the cloud itself has issued."""
    known = {credentials.access_key_id: credentials.secret_access_key for credentials in own}
    return lambda key, token: known.get(key) or (_issued(key, token) if issued else None)


def _issued(access_key_id: str, token: str) -> str | None:
    """Return the secret of a session (AssumeRole) or of an IAM user's access key; None if it is no longer valid."""
    from ministack.services import iam, sts  # type: ignore[import-untyped]

    session = sts._sessions.get(access_key_id)
    if session is not None:
        lives = session.get("Expiration", float("inf")) > time.time()
        right = hmac.compare_digest(session.get("SessionToken", ""), token)
        return session.get("SecretAccessKey") if lives and right else None
    for (_, stored), record in iam._access_keys.to_dict().items():
        if stored == access_key_id and record.get("Status") == "Active":
            return str(record["SecretAccessKey"])
    return None


def _first(request: Request, name: str) -> str:
    return next(iter(request.query.get(name, [])), "")
