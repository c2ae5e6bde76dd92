"""A repository of ECR, by the API of registries (OCI Distribution Specification 1.1)."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import cast

from image_signature.documents import IMAGES, MANIFEST, digest_of
from image_signature.errors import SignatureError, one_line
from image_signature.image import Image, origin

# Else urllib says that a body is a form.
_BLOB = {"Content-Type": "application/octet-stream"}
# Of silence, and for the whole body of an answer.
_SECONDS, _BODY_SECONDS = 60.0, 60.0
_TRIES, _PAUSE_SECONDS = 4, 0.5
_MAY_PASS = (429, 500, 502, 503, 504)
# More than any signature has; no answer fills the memory.
_MOST_BYTES = 16 << 20
# Of an error: longer than a token, which may be in it.
_MOST_SAID = 1 << 16
_PIECE = 1 << 16
# Longer than a digest: a part of a token.
_SECRET = re.compile(r"[A-Za-z0-9+/=_-]{72,}")


class Repository:
    """The repository of `image`; `authorization` is the token of ECR's GetAuthorizationToken."""

    def __init__(self, image: Image, authorization: str) -> None:
        self._url = image.url
        self._name = image.name
        self._token = authorization

    def manifest(self, reference: str) -> tuple[bytes, str] | None:
        """The manifest under a tag or digest, with its media type; None if there is none. Raises SignatureError."""
        found = self._send("GET", f"{self._url}/manifests/{reference}", {"Accept": ", ".join(IMAGES)})
        return found and (found[0], found[1].headers.get_content_type())

    def blob(self, digest: str) -> bytes | None:
        """A blob; None if there is none, or another content under its name. Raises SignatureError."""
        found = self._send("GET", f"{self._url}/blobs/{digest}", {})
        return found[0] if found and digest_of(found[0]) == digest else None

    def put_blob(self, content: bytes) -> None:
        """Upload a blob. Raises SignatureError."""
        _, begun = self._done("POST", f"{self._url}/blobs/uploads/", _BLOB, b"")
        address = self._upload(begun.headers["Location"] or "", digest_of(content))
        self._done("PUT", address, _BLOB, content)

    def put_manifest(self, tag: str, content: bytes) -> None:
        """Upload a manifest under a tag. Raises SignatureError."""
        self._done("PUT", f"{self._url}/manifests/{tag}", {"Content-Type": MANIFEST}, content)

    def _upload(self, location: str, digest: str) -> str:
        """The URL to send a blob to; the registry gives it, but the token is for the registry only."""
        try:
            given = urllib.parse.urlsplit(urllib.parse.urljoin(self._url, location))
        except ValueError:
            given = urllib.parse.urlsplit("")
        if not location or origin(given.geturl()) != origin(self._url):
            raise SignatureError(
                f"the registry of {self._name} wants the upload elsewhere, which gets no login: {self._shown(location)}"
            )
        own = urllib.parse.urlsplit(self._url)
        query = "&".join(filter(None, (given.query, urllib.parse.urlencode({"digest": digest}))))
        return urllib.parse.urlunsplit((own.scheme, own.netloc, given.path, query, ""))

    def _shown(self, said: str) -> str:
        """What the registry said, without the token, which it may repeat."""
        return one_line(_SECRET.sub("...", said.replace(self._token, "...")))

    def _done(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[bytes, HTTPResponse]:
        if answer := self._send(method, url, headers, body):
            return answer
        raise SignatureError(f"the registry does not know {self._name}: is there such a repository?")

    def _send(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[bytes, HTTPResponse] | None:
        """The answer to a request; None if it is 404. Try again after what may pass. Raises SignatureError."""
        failure = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE_SECONDS * 2**attempt)
            request = urllib.request.Request(url, data=body, method=method, headers=headers)
            # ECR sends readers of blobs to S3, which refuses a header that is not its own.
            request.add_unredirected_header("Authorization", f"Basic {self._token}")
            try:
                with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                    return self._body(answer, _MOST_BYTES), answer
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return None
                failure = f"{error.code} {self._reason(error)}"
                if error.code not in _MAY_PASS:
                    break
            # ValueError: a redirect to what is no URL.
            except (OSError, HTTPException, ValueError) as error:
                failure = str(error)
        raise SignatureError(f"the registry refuses {method} of {self._name}: {self._shown(failure)}")

    def _reason(self, error: urllib.error.HTTPError) -> str:
        with error:
            try:
                return self._body(cast(HTTPResponse, error.fp), _MOST_SAID).decode(errors="replace")
            except (OSError, HTTPException, ValueError):
                return ""

    def _body(self, answer: HTTPResponse, most: int) -> bytes:
        """The body, up to a size and within a time: a byte a minute is no silence."""
        end = time.monotonic() + _BODY_SECONDS
        left = most if answer.length is None else min(most, answer.length)
        pieces = []
        while left and (piece := answer.read1(min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
            if left and time.monotonic() > end:
                raise SignatureError(
                    f"an answer of the registry of {self._name} takes over {_BODY_SECONDS:g} s: try again later"
                )
        return b"".join(pieces)
