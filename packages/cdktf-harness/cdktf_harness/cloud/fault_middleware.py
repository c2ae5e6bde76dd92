"""Inject faults of the network or of AWS into calls to the embedded cloud.

The rules are in `faults.json` in the cloud's folder, which is checked before each request. Without it, no fault is
injected. While it exists, `calls.log` gets a JSON line for each request: `call`, and the id of the `rule` that applied.

The application runs behind the front door. It needs the TCP connection itself, since ASGI cannot reset it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import Counter
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cdktf_harness.cloud.asgi import App, Message, Receive, Send, buffered
from cdktf_harness.cloud.aws_requests import Call, call_of
from cdktf_harness.cloud.front_door import connections
from cdktf_harness.system import json_store

RULES, CALLS = "faults.json", "calls.log"
# Larger than any AWS call except uploads, which are identified by their path alone.
_BODY_BYTES = 1 << 20
_NONSENSE = b"<html>It works!"


class Faults:
    """An ASGI application that applies the rules in `folder` and passes other requests to the cloud's application."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._read: tuple[int, ...] = ()
        self._rules: list[dict[str, Any]] = []
        self._met: Counter[str] = Counter()
        # The last answers to calls that only read, by the parts of the request that identify the call.
        self._answers: dict[tuple[Any, ...], list[Message]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http" or not self._active():
            await self._app(scope, receive, send)
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body = b""
        if int(headers.get("content-length", 0)) <= _BODY_BYTES and "transfer-encoding" not in headers:
            body, receive = await buffered(receive)
        path, query = scope["raw_path"].decode().partition("?")[0], scope["query_string"].decode()
        call = call_of(scope["method"], path, query, headers, body)
        key = (scope["method"], path, query, headers.get("x-amz-target"), body)
        rule = next((rule for rule in self._rules if self._strikes(rule, call, key)), None)
        if rule is None:
            self._say(call)
            # Keep the answer: a later call may get it as a stale one.
            await self._app(scope, receive, self._remembering(key, send) if call.reads else send)
            return
        self._met[rule["id"]] += 1
        if rule["fault"] not in ("late", "lost"):
            self._say(call, rule["id"])
        await self._strike(rule, call, key, (scope, receive, send))

    async def _strike(
        self, rule: dict[str, Any], call: Call, key: tuple[Any, ...], request: tuple[Message, Receive, Send]
    ) -> None:
        scope, receive, send = request
        match rule["fault"]:
            case "error" | "throttling" | "denied" | "refusal":
                kinds = {"error": call.failed, "throttling": call.throttled, "denied": call.denied}
                refusal = tuple(rule["refusal"]) if rule["fault"] == "refusal" else kinds[rule["fault"]]()
                headers, body = call.body(refusal)
                await _answer(send, refusal[0], headers, body)
            case "reset":
                _reset()
            case "hang":
                await _pause(receive, rule["seconds"])
                _reset()
            case "stale":
                for message in self._answers[key]:
                    await send(message)
            case _:
                answer: list[Message] = []

                async def keep(message: Message) -> None:
                    answer.append(message)

                await self._app(scope, receive, keep)
                if rule["fault"] in ("late", "lost"):
                    self._say(call, rule["id"])
                if rule["fault"] == "late":
                    await _pause(receive, rule["seconds"])
                await _spoil(rule["fault"], answer, send)

    def _active(self) -> bool:
        """Return whether there are rules; read them again if they have changed."""
        try:
            state = json_store.state(self._folder / RULES)
        except FileNotFoundError:
            self._answers.clear()
            return False
        if self._read != state:
            self._read = state
            self._rules = json_store.read(self._folder / RULES) or []
        return True

    def _strikes(self, rule: dict[str, Any], call: Call, key: tuple[Any, ...]) -> bool:
        return (
            self._met[rule["id"]] < rule["times"]
            and fnmatchcase(call.name, rule["call"])
            and (rule["fault"] != "stale" or key in self._answers)
        )

    def _say(self, call: Call, rule: str = "") -> None:
        with (self._folder / CALLS).open("a") as file:
            file.write(json.dumps({"call": call.name, "rule": rule}) + "\n")

    def _remembering(self, key: tuple[Any, ...], send: Send) -> Send:
        answer: list[Message] = []

        async def remember(message: Message) -> None:
            answer.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._answers[key] = answer
            await send(message)

        return remember


async def _pause(receive: Receive, seconds: float) -> None:
    """Wait for `seconds` or until the client disconnects."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with suppress(TimeoutError):
        await asyncio.wait_for(gone(), seconds)


async def _spoil(fault: str, answer: list[Message], send: Send) -> None:
    """Send the answer to a completed call late, partly, malformed or not at all."""
    status = answer[0]["status"]
    body = b"".join(message.get("body", b"") for message in answer[1:])
    dropped = (b"content-length", b"transfer-encoding")
    headers = [header for header in answer[0].get("headers", ()) if header[0].lower() not in dropped]
    match fault:
        case "late":
            for message in answer:
                await send(message)
        case "lost":
            _reset()
        case "malformed":
            await _answer(send, status if body else 200, {}, _NONSENSE)
        case "truncated" if body:
            full = [*headers, (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": full})
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            connections.current.get().close()
        case "truncated":
            connections.current.get().write(b"HTTP/1.1 200 OK\r\ncontent-")
            connections.current.get().close()


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": [*named, _length(body)]})
    await send({"type": "http.response.body", "body": body})


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def _reset() -> None:
    """Close the connection with a TCP reset."""
    connection = connections.current.get()
    connection.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()
