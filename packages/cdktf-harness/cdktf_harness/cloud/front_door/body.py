"""Check the body of a request while the application reads it: its size, and that it is what is signed."""

from __future__ import annotations

import hashlib
import hmac
import re
import sys
from collections.abc import Generator

from cdktf_harness.cloud.asgi import Message, Receive
from cdktf_harness.cloud.front_door import addresses
from cdktf_harness.cloud.front_door.request import Refused, Request

_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16});chunk-signature=([0-9a-f]{64})")
_TRAILER = b"x-amz-trailer-signature:"
_LINE_BYTES = 1 << 14
# The largest bodies that AWS accepts, by kind of request.
_MIB = 1 << 20
# Most calls take up to 1 MiB of content, which is larger in base64 or with URL encoding.
_DEFAULT = 4 * _MIB
# Functions' code: 50 MB of ZIP in base64 (Lambda's message: "Request must be smaller than 70167211 bytes").
_CODE = 70_167_211
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocations, also by URL.
_SYNCHRONOUS, _ASYNCHRONOUS = 6 * _MIB, _MIB
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: the payload of all kinds of APIs.
_API = 10 * _MIB
_SERVICES = {
    "apigateway": 8 * _MIB,  # an OpenAPI document of 6 MB
    "dynamodb": 16 * _MIB,
    "ecr": 28 * _MIB,  # a part of a layer of 20 MiB, in base64
    "firehose": 6 * _MIB,
    "kinesis": 14 * _MIB,
    "s3": 5 << 30,
    "s3-object-lambda": 5 << 30,
    "ses": 40 * _MIB,
}
_EMPTY = hashlib.sha256().hexdigest()
_Steps = Generator[None, None, None]


def limit(request: Request, signed_for: str = "") -> int:
    """Return the limit of a request's body in bytes; `signed_for` is the service that it is signed for, if it is."""
    if signed_for == "lambda":
        if not request.path.endswith("/invocations"):
            return _CODE
        return _ASYNCHRONOUS if request.headers.get("x-amz-invocation-type") == "Event" else _SYNCHRONOUS
    if signed_for:
        return _SERVICES.get(signed_for, _DEFAULT)
    if addresses.is_registry(request):
        return sys.maxsize
    if not addresses.is_public(request):
        return 0
    return _SYNCHRONOUS if addresses.is_function_url(request) else _API


def checked(receive: Receive, limit: int, check: Hash | Chunks | None) -> Receive:
    """Return a `receive` that raises Refused for a body over `limit`, or for one that fails `check`.

    The application never gets the last part of such a body.
    """
    size = 0

    async def receive_checked() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise Refused(f"its body is larger than {limit:,} bytes", 413)
            if check:
                check.add(part)
                if not message.get("more_body"):
                    check.end()
        return message

    return receive_checked


class Hash:
    """The hash of a body."""

    def __init__(self, expected: str) -> None:
        self._expected = expected
        self._hash = hashlib.sha256()

    def add(self, part: bytes) -> None:
        """Take the next part."""
        self._hash.update(part)

    def end(self) -> None:
        """Raise Refused if the body has another hash."""
        if self._hash.hexdigest() != self._expected:
            raise Refused("its body does not have the hash that is signed")


class Chunks:
    """The signatures of the chunks of an upload to S3; each covers the previous one, and the first that of the request.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
    """

    def __init__(self, key: bytes, document: str, seed: str, *, trailer: bool) -> None:
        self._key = key
        self._document = document
        self._previous = seed
        self._trailer = trailer
        self._unread = bytearray()
        self._complete = False
        self._steps = self._parse()

    def add(self, part: bytes) -> None:
        """Take the next part. Raises Refused if the signature of a chunk that it completes is wrong."""
        self._unread += part
        next(self._steps, None)

    def end(self) -> None:
        """Raise Refused if a part is missing, or something follows the last."""
        if not self._complete or self._unread:
            raise Refused("its body is not complete")

    def _parse(self) -> _Steps:
        size = 1
        while size:
            header = _CHUNK.fullmatch((yield from self._line()))
            if not header:
                raise Refused("a chunk of its body is not signed")
            size = left = int(header[1], 16)
            content = hashlib.sha256()
            while left:
                if not self._unread:
                    yield
                part = self._unread[:left]
                del self._unread[: len(part)]
                left -= len(part)
                content.update(part)
            self._verify("PAYLOAD", f"{_EMPTY}\n{content.hexdigest()}", header[2])
            if size and (yield from self._line()):
                raise Refused("a chunk of its body is longer than it says")
        trailers = []
        while line := (yield from self._line()):
            trailers.append(line)
        if self._trailer:
            *fields, last = trailers or [b""]
            content = hashlib.sha256(b"".join(field + b"\n" for field in fields))
            self._verify("TRAILER", content.hexdigest(), last.removeprefix(_TRAILER))
        elif trailers:
            raise Refused("the trailer of its body is not signed")
        self._complete = True

    def _verify(self, kind: str, content: str, given: bytes) -> None:
        signed = f"AWS4-HMAC-SHA256-{kind}\n{self._document}\n{self._previous}\n{content}"
        self._previous = hmac.new(self._key, signed.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(self._previous.encode(), given):
            raise Refused("the signature of a chunk of its body is wrong")

    def _line(self) -> Generator[None, None, bytes]:
        while (end := self._unread.find(b"\r\n")) < 0:
            if len(self._unread) > _LINE_BYTES:
                raise Refused("a chunk of its body is not signed")
            yield
        line = bytes(self._unread[:end])
        del self._unread[: end + 2]
        return line
