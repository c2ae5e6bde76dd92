"""Types and helpers for ASGI applications (asgi.readthedocs.io, HTTP 2.3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


async def buffered(receive: Receive) -> tuple[bytes, Receive]:
    """Return the body of a request, and a `receive` that repeats it."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return body, again


async def answered(send: Send, status: int, headers: Mapping[str, str], body: bytes, *, ends: bool = True) -> None:
    """Send an answer; leave its end to the caller unless it `ends`."""
    named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    named.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body, "more_body": not ends})
