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

from ministack.core.iam_actions import access_denied_response  # type: ignore[import-untyped]
from ministack.core.router import detect_service  # type: ignore[import-untyped]

from cdktf_harness.cloud.asgi import App, Message, Receive, Send, answered, buffered
from cdktf_harness.cloud.aws_requests import Call, call_of
from cdktf_harness.cloud.fault_injection import CALLS, RULES
from cdktf_harness.cloud.front_door import connections
from cdktf_harness.cloud.front_door.request import Request
from cdktf_harness.system import json_store

# Larger than any AWS call except uploads, which are identified by their path alone.
_BODY_BYTES = 1 << 20


class Faults:
    """An ASGI application that applies the rules in `folder` and passes other requests to the cloud's application."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._read: tuple[int, ...] = ()
        self._rules: list[dict[str, Any]] = []
        self._met: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http" or not self._active():
            await self._app(scope, receive, send)
            return
        asked, body = Request.of(scope), b""
        if int(asked.headers.get("content-length", 0)) <= _BODY_BYTES and "transfer-encoding" not in asked.headers:
            body, receive = await buffered(receive)
        call = call_of(asked, body)
        rule = next((rule for rule in self._rules if self._strikes(rule, call)), None)
        if rule is None:
            self._say(call)
            await self._app(scope, receive, send)
            return
        self._met[rule["id"]] += 1
        if rule["fault"] not in ("late", "lost"):
            self._say(call, rule["id"])
        await self._strike(rule, call, asked, (scope, receive, send))

    async def _strike(
        self, rule: dict[str, Any], call: Call, asked: Request, request: tuple[Message, Receive, Send]
    ) -> None:
        scope, receive, send = request
        match rule["fault"]:
            case "error" | "throttling" | "denied" | "refusal":
                status, code, text = rule.get("refusal") or call.refusal(rule["fault"])
                service = detect_service(asked.method, asked.path, asked.headers, asked.query)
                _, headers, body = access_denied_response(
                    service, "", "", "", error_code=code, message=text, headers=asked.headers
                )
                await answered(send, status, headers, body)
            case "reset":
                _reset()
            case "hang":
                await _pause(receive, rule["seconds"])
                _reset()
            case _:
                answer: list[Message] = []

                async def keep(message: Message) -> None:
                    answer.append(message)

                await self._app(scope, receive, keep)
                self._say(call, rule["id"])
                if rule["fault"] == "lost":
                    _reset()
                    return
                await _pause(receive, rule["seconds"])
                for message in answer:
                    await send(message)

    def _active(self) -> bool:
        """Return whether there are rules; read them again if they have changed."""
        try:
            state = json_store.state(self._folder / RULES)
        except FileNotFoundError:
            return False
        if self._read != state:
            self._read = state
            self._rules = json_store.read(self._folder / RULES) or []
        return True

    def _strikes(self, rule: dict[str, Any], call: Call) -> bool:
        return self._met[rule["id"]] < rule["times"] and fnmatchcase(call.name, rule["call"])

    def _say(self, call: Call, rule: str = "") -> None:
        with (self._folder / CALLS).open("a") as file:
            file.write(json.dumps({"call": call.name, "rule": rule}) + "\n")


async def _pause(receive: Receive, seconds: float) -> None:
    """Wait for `seconds` or until the client disconnects."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with suppress(TimeoutError):
        await asyncio.wait_for(gone(), seconds)


def _reset() -> None:
    """Close the connection with a TCP reset."""
    connection = connections.current.get()
    connection.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()
