"""Check the body of a request while the application reads it."""

from __future__ import annotations

import hashlib

from cdktf_harness.cloud.asgi import Message, Receive
from cdktf_harness.cloud.front_door.request import Refused


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


def checked(receive: Receive, limit: int, check: Hash | None) -> Receive:
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
