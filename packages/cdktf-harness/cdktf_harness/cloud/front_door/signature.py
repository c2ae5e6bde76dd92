"""Verify that a request is signed with credentials of this cloud.

Signature Version 4, in a header or in the query; ministack computes the canonical form. All that selects an operation
must be signed, as on AWS: the host, the date, each x-amz-* header, and the body, unless it is an object of S3.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from ministack.core import sigv4  # type: ignore[import-untyped]

from cdktf_harness.cloud.access_config import Credentials
from cdktf_harness.cloud.front_door import body as bodies
from cdktf_harness.cloud.front_door.request import Refused, Request

HASH = "x-amz-content-sha256"
_CREDENTIAL = r"[^/,\s]+/\d{8}/[^/,\s]+/[^/,\s]+/aws4_request"
# One of each part: readers that differ in the one they take must not differ in what they read.
_HEADER = re.compile(
    rf"AWS4-HMAC-SHA256 Credential={_CREDENTIAL}, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{{64}}", re.ASCII
)
_PARTS = ("Algorithm", "Credential", "SignedHeaders", "Signature")
# As on AWS, a presigned URL is valid for up to a week.
_LONGEST_SECONDS = 604800
_IN_QUERY = tuple(f"x-amz-{part.lower()}" for part in (*_PARTS, "Date"))
_DATE = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
# The values of HASH that leave a body unsigned, or sign it chunk by chunk: of S3 only.
_UNSIGNED = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_CHUNKS = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
_OBJECTS = ("s3", "s3-object-lambda", "s3express")
_ADVICE = "the embedded cloud takes calls with its own credentials only: `cdktf-harness env` has them"
_signing_key = lru_cache(maxsize=256)(sigv4.derive_signing_key)
SecretOf = Callable[[str, str], str | None]
known: ContextVar[SecretOf] = ContextVar("known")
"""The lookup of the secrets of this cloud, for a deployed API that asks for signatures itself."""


@dataclass(frozen=True)
class Signed:
    """A request that names an access key of this cloud.

    `payload`: the hash of its body, or a word for how S3 reads it; empty if only the body itself can tell the hash.
    """

    request: Request
    parts: sigv4.HeaderSignature
    key: bytes
    presigned: bool
    payload: str

    @property
    def service(self) -> str:
        """The service in its credential scope."""
        return str(self.parts.service)

    def verify(self, body: bytes = b"") -> None:
        """Raise Refused if the signature is not that of the access key."""
        request = self.request
        _, signed = sigv4.header_signing_documents(
            self.parts, request.method, request.raw_path, request.query, request.headers, body, presigned=self.presigned
        )
        expected = hmac.new(self.key, signed.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(expected, self.parts.signature):
            raise Refused(f"its signature is not that of its access key; {_ADVICE}")

    def body_check(self) -> bodies.Hash | bodies.Chunks | None:
        """Return the check of the body against what is signed."""
        if self.payload in _CHUNKS:
            scope = f"{self.parts.date_stamp}/{self.parts.region}/{self.service}/aws4_request"
            document = f"{self.parts.amz_date}\n{scope}"
            return bodies.Chunks(self.key, document, self.parts.signature, trailer=self.payload == _CHUNKS[1])
        return bodies.Hash(self.payload) if _SHA256.fullmatch(self.payload) else None


def read(request: Request, secret_of: SecretOf) -> Signed:
    """Return the signature of a request, which is not verified yet; `secret_of` maps key ids to secrets.

    Raises Refused if it cannot be valid.
    """
    given = request.headers.get("authorization", "")
    in_query = [value for name, values in request.query.items() if name.lower() in _IN_QUERY for value in values]
    if given and in_query:
        raise Refused("it is signed twice, in a header and in its query")
    presigned = "X-Amz-Signature" in request.query
    if not (presigned or given.startswith("AWS4-HMAC-SHA256 ")):
        raise Refused(f"it is not signed; {_ADVICE}")
    parts = sigv4.parse_query_signature(request.query) if presigned else sigv4.parse_header_signature(request.headers)
    if presigned:
        algorithm, credential, names, signature = (_first(request, f"X-Amz-{part}") for part in _PARTS)
        given = f"{algorithm} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    if isinstance(parts, tuple) or not _HEADER.fullmatch(given) or len(in_query) > len(_IN_QUERY):
        raise Refused("its signature is incomplete, or one of its parts is malformed or repeated")
    _check_signed_parts(request, parts)
    token = request.headers.get("x-amz-security-token") or _first(request, "X-Amz-Security-Token")
    secret = secret_of(parts.access_key_id, token)
    if secret is None:
        raise Refused(f"the access key {parts.access_key_id!r} is not one of this cloud; {_ADVICE}")
    try:
        if presigned and sigv4.presigned_request_is_expired(parts.amz_date, _first(request, "X-Amz-Expires")):
            raise Refused("its signature has expired")
        if presigned and int(_first(request, "X-Amz-Expires")) > _LONGEST_SECONDS:
            raise Refused(f"its signature is valid for more than {_LONGEST_SECONDS} s")
    except ValueError:
        raise Refused("its signature has no valid period") from None
    if not presigned and (late := sigv4.request_time_failure(parts)):
        raise Refused(str(late[1]))
    key = _signing_key(secret, parts.date_stamp, parts.region, parts.service)
    return Signed(request, parts, key, presigned, _payload(request, parts.service, presigned=presigned))


def _check_signed_parts(request: Request, parts: sigv4.HeaderSignature) -> None:
    """Raise Refused if the signature leaves out what selects an operation."""
    signed = parts.signed_headers.split(";")
    if "host" not in signed or parts.date_stamp != parts.amz_date[:8] or not _DATE.fullmatch(parts.amz_date):
        raise Refused("its signature does not cover its host and date")
    if unsigned := sorted(name for name in request.headers if name.startswith("x-amz-") and name not in signed):
        raise Refused(f"there were headers present in the request which were not signed: {', '.join(unsigned)}")
    # The signature is that of the shortest form; ministack reads the path as it is.
    if parts.service not in _OBJECTS and sigv4._remove_dot_segments(request.raw_path) != request.raw_path:
        raise Refused("its path is not in the form that is signed: leave out `//`, `/./` and `/../`")


def _payload(request: Request, service: str, *, presigned: bool) -> str:
    """Return what the request says of its body. Raises Refused if the service does not accept that."""
    if presigned and service == "s3":
        return "UNSIGNED-PAYLOAD"
    payload = request.headers.get(HASH, "")
    if service in _OBJECTS:
        accepted = payload in (*_UNSIGNED, *_CHUNKS) or _SHA256.fullmatch(payload)
    else:
        accepted = not payload or _SHA256.fullmatch(payload)
    if not accepted:
        raise Refused(f"{service} does not accept {payload!r} as {HASH}")
    return payload


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
