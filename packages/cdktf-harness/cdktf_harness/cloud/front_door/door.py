"""The ASGI application that denies requests before ministack handles them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from ministack.core.iam_actions import access_denied_response  # type: ignore[import-untyped]
from ministack.core.router import detect_service  # type: ignore[import-untyped]

from cdktf_harness.cloud.access_config import Access
from cdktf_harness.cloud.asgi import App, Message, Receive, Send, answered, buffered
from cdktf_harness.cloud.front_door import addresses, credentials, domains, routing, signature
from cdktf_harness.cloud.front_door.body import checked, limit
from cdktf_harness.cloud.front_door.connections import Incoming
from cdktf_harness.cloud.front_door.request import Refused, Request, current

Answer = tuple[int, dict[str, str], bytes]
# How long the client of a refused request may take to send the rest of the body.
_LINGER_SECONDS = 30.0


class FrontDoor:
    """Passes allowed requests to the cloud on `port`; answers others with 403 or 401 and the reason."""

    def __init__(self, app: App, port: int, access: Access) -> None:
        self._app = app
        self._port = port
        self._resettable = access.resettable
        self._secrets = signature.secrets_of((access.deployment, access.functions))
        self._owners = signature.secrets_of((access.deployment,), issued=False)
        self._access = access

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = sent = Request.of(scope)
        expected = scope["http_version"] == "1.1" and sent.headers.get("expect", "").lower().startswith("100-continue")
        body = Incoming(receive, expected=expected)
        if domain := domains.name(sent, self._port):
            sent = replace(sent, domain=domain)
            scope = domains.rewritten(scope, sent, self._port)
            request = Request.of(scope)
        try:
            refusal = self._closed(request)
            if refusal is None:
                admitted = await self._admitted(request, body)
                current.set(sent)
                await self._app(scope, admitted, send)
        except Refused as refused:
            # Before the body is read, or while the application reads it.
            refusal = _signed_refusal(request, refused)
        if refusal is not None:
            # The raw path, which has no line breaks, and without the query, which may be a signature.
            print(f"refused: {request.method} {request.raw_path} {refusal[0]}", flush=True)
            await _send(body, send, refusal)

    async def _admitted(self, request: Request, incoming: Receive) -> Receive:
        """Return the `receive` of an accepted request. Raises Refused, as that does for a body that is not accepted."""
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or ("content-length" in request.headers and "transfer-encoding" in request.headers):
            raise Refused("its length is not clear: send either Content-Length or Transfer-Encoding", 400)
        signed = None
        if not (addresses.is_registry(request) or addresses.is_public(request) or request.path == addresses.HEALTH):
            signed = signature.read(request, self._owners if request.path == addresses.RESET else self._secrets)
        signature.known.set(self._secrets)
        largest = limit(request, signed.service if signed else "")
        if int(length) > largest:
            raise Refused(f"its body is larger than {largest:,} bytes", 413)
        receive = checked(incoming, largest, signed.body_check() if signed else None)
        if signed:
            body = b""
            if not signed.payload:
                body, receive = await buffered(receive)
            signed.verify(body)
            routing.check(request, signed.service)
        routing.scope.set(signed.service if signed else "")
        return receive

    def _closed(self, request: Request) -> Answer | None:
        """Return the refusal of a request that no signature makes acceptable."""
        if not addresses.is_ours(request, self._port, aws_hosts=self._access.aws_hosts):
            return _refusal(f"{request.host!r} is not this cloud's host: use http://localhost:{self._port}")
        if request.path == domains.FORBIDDEN:
            return _refusal("Forbidden")
        if addresses.is_public(request):
            return None
        if addresses.is_foreign_page(request, self._port):
            return _refusal("a web page of another origin may only call deployed APIs and function URLs")
        if request.method == "OPTIONS":
            return _refusal("the embedded cloud answers preflight requests to deployed APIs and function URLs only")
        # ministack's administration, or a data plane that has no host.
        if request.path.startswith("/_") and not (
            request.path == addresses.HEALTH or (self._resettable and request.path == addresses.RESET)
        ):
            return _refusal(f"{request.path} is closed: the embedded cloud does not expose its administration")
        if addresses.is_registry(request) and credentials.registry_caller(self._access, request) is None:
            return _not_logged_in()
        return None


def _signed_refusal(request: Request, refused: Refused) -> Answer:
    """Return a refusal in the protocol of the call."""
    if refused.status != 403:
        return refused.status, *_refusal(refused.why)[1:]
    service = detect_service(request.method, request.path, request.headers, request.query)
    answer: Answer = access_denied_response(
        service, "", "", "", error_code="AccessDenied", message=refused.why, headers=request.headers
    )
    return answer


def _refusal(why: str) -> Answer:
    return 403, {"content-type": "application/json"}, json.dumps({"message": why}).encode()


def _not_logged_in() -> Answer:
    """Return the challenge after which a Docker engine logs in (https://distribution.github.io/distribution/spec/api/)."""
    error = {"code": "UNAUTHORIZED", "message": "log in with a token of ECR's GetAuthorizationToken"}
    headers = {
        "content-type": "application/json",
        "docker-distribution-api-version": "registry/2.0",
        "www-authenticate": 'Basic realm="embedded cloud"',
    }
    return 401, headers, json.dumps({"errors": [error]}).encode()


async def _send(incoming: Incoming, send: Send, answer: Answer) -> None:
    status, headers, body = answer
    # Close: an unread body must not be parsed as the next request of the connection.
    await answered(send, status, {**headers, "connection": "close"}, body, ends=False)
    # Many clients read an answer only after they have sent the body: discard it, but not for long.
    rest = asyncio.create_task(incoming.discard())
    await asyncio.wait([rest], timeout=_LINGER_SECONDS)
    await send({"type": "http.response.body", "body": b""})
    rest.cancel()
