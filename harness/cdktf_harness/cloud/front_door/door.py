"""The ASGI application in front of ministack's."""

from __future__ import annotations

import json

from cdktf_harness.cloud.asgi import App, Message, Receive, Send
from cdktf_harness.cloud.front_door import addresses
from cdktf_harness.cloud.front_door.request import Request


class FrontDoor:
    """Passes on what may enter the cloud on `port`; refuses all else with a line that says why.

    `resettable` opens ministack's reset, for tests that share a cloud.
    """

    def __init__(self, app: App, port: int, *, resettable: bool = False) -> None:
        self._app = app
        self._port = port
        self._resettable = resettable

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif refusal := self._refusal(Request.of(scope)):
            await _refuse(send, refusal)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> str:
        """Why the request is refused; empty for one that may enter."""
        if not addresses.is_ours(request, self._port):
            return f"{request.host!r} is not this cloud's host: use http://localhost:{self._port}"
        if addresses.is_public(request):
            return ""
        if addresses.is_foreign_page(request, self._port):
            return "a web page of another origin may only call deployed APIs and function URLs"
        if request.method == "OPTIONS":
            return "the embedded cloud answers no preflight request but those to deployed APIs and function URLs"
        if request.path == addresses.HEALTH or (self._resettable and request.path == addresses.RESET):
            return ""
        if addresses.is_administration(request):
            return f"{request.path} is closed: the embedded cloud has no open administration"
        return ""


async def _refuse(send: Send, why: str) -> None:
    body = json.dumps({"message": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    # The body that was not read must not be taken for the next request of the connection.
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
