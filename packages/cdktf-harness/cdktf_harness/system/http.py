"""HTTP requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import Message

# A function's first call starts its container, under emulation where it is another machine's architecture.
ANSWER_SECONDS = 60.0


class Answer(NamedTuple):
    """An answer of any status."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


def send(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = ANSWER_SECONDS,
) -> Answer:
    """Send a request and return the answer.

    Raises ValueError if `url` is not a URL, and OSError if there is no complete answer.
    """
    # Imported late: they take 0.05 s.
    import urllib.error
    import urllib.request
    from http.client import HTTPException, InvalidURL

    try:
        request = urllib.request.Request(url, data=body, method=method, headers=dict(headers or {}))
        try:
            answer = urllib.request.urlopen(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.headers, answer.read())
    except InvalidURL as error:
        raise ValueError(str(error)) from None
    except HTTPException as error:
        raise ConnectionError(f"no complete answer: {error!r}") from None
