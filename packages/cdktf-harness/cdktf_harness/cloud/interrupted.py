"""Repeat the answers to an interrupted apply for the next apply.

If Terraform is killed, or loses an answer, it does not know that the embedded cloud has created a resource. The next
apply requests the resource again, and is refused because it exists. So the cloud keeps its answers to Terraform until
an apply succeeds. If a later apply is refused a request that was granted before, it gets the earlier answer. AWS does
not do this: there, the user imports or deletes the resource.

`applying.json` in the cloud's folder marks an apply that has begun and not succeeded. Each apply writes it again, with
the information whether the previous one was interrupted. The answers are kept in a file beside it, since the cloud may
be stopped between the two.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from cdktf_harness.cloud.asgi import App, Message, Receive, Send, buffered, header
from cdktf_harness.cloud.calls import reads
from cdktf_harness.project import records

MARK, ANSWERS = "applying.json", "answers.jsonl"
# Parts of the User-Agent of the bundled and of the real providers.
_PROVIDERS = ("cdktf-harness", "terraform")
# Methods that create or change something.
_METHODS = ("POST", "PUT", "PATCH")


@contextmanager
def apply_in(folder: Path) -> Iterator[None]:
    """Mark an apply to the cloud in `folder`; remove the mark if the block ends without an exception."""
    records.write(folder / MARK, {"apply": str(uuid4()), "interrupted": is_interrupted(folder)})
    yield
    (folder / MARK).unlink(missing_ok=True)


def is_interrupted(folder: Path) -> bool:
    """Return whether the last apply to the cloud in `folder` did not succeed: the next one gets its answers again."""
    return (folder / MARK).exists()


class Interrupted:
    """An ASGI application that repeats earlier answers after an interrupted apply."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._mark: tuple[int, ...] = ()
        self._apply = ""
        # By request: the apply that sent it, the id of the call, the answer.
        self._answers: dict[str, tuple[str, str, list[Message]]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http" or scope["method"] not in _METHODS or not self._is_terraform(scope):
            await self._app(scope, receive, send)
            return
        if not self._under_way():
            await self._app(scope, receive, send)
            return
        body, receive = await buffered(receive)
        told = {name: header(scope, name) for name in ("x-amz-target", "content-type", "smithy-protocol")}
        if reads(scope["path"], told, body):
            # What it says has to be true now: the cloud may have been killed, and have lost what it had made.
            await self._app(scope, receive, send)
            return
        request, call = _digest(scope, body), header(scope, "amz-sdk-invocation-id")
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        before, status = self._answers.get(request), answer[0]["status"]
        if status < 300:
            self._remember(request, (self._apply, call, answer))
        elif before and 400 <= status < 500:
            if before[0] != self._apply:
                answer = before[2]
            elif before[1] != call:
                # Two resources of one apply conflict: an error of the app.
                del self._answers[request]
        for message in answer:
            await send(message)

    def _is_terraform(self, scope: Message) -> bool:
        return any(name in header(scope, "user-agent").lower() for name in _PROVIDERS)

    def _under_way(self) -> bool:
        """Return whether an apply is running or was interrupted."""
        try:
            state = records.state(self._folder / MARK)
        except FileNotFoundError:
            self._forget()
            return False
        if self._mark != state:
            self._mark = state
            mark = records.read(self._folder / MARK)
            if not mark["interrupted"]:
                self._forget()
            elif not self._apply:
                # The cloud was restarted after the interrupted apply.
                self._answers = dict(_kept(self._folder / ANSWERS))
            self._apply = mark["apply"]
        return True

    def _forget(self) -> None:
        self._apply = ""
        self._answers.clear()
        (self._folder / ANSWERS).unlink(missing_ok=True)

    def _remember(self, request: str, made: tuple[str, str, list[Message]]) -> None:
        self._answers[request] = made
        line = json.dumps([request, made[0], made[1], [_encoded(message) for message in made[2]]])
        with open(os.open(self._folder / ANSWERS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
            file.write(line + "\n")


def _digest(scope: Message, body: bytes) -> str:
    told = [scope["method"], scope["path"], scope["query_string"].decode(), header(scope, "x-amz-target")]
    return hashlib.sha256(json.dumps(told).encode() + body).hexdigest()


def _kept(path: Path) -> Iterator[tuple[str, tuple[str, str, list[Message]]]]:
    """Read the answers in a file; ignore an incomplete last line."""
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            request, apply, call, messages = json.loads(line)
        except ValueError:
            return
        yield request, (apply, call, [_decoded(message) for message in messages])


def _encoded(message: Message) -> dict[str, Any]:
    """Return an ASGI message as JSON values."""
    encoded = dict(message)
    if "headers" in encoded:
        encoded["headers"] = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in encoded["headers"]]
    if "body" in encoded:
        encoded["body"] = base64.b64encode(encoded["body"]).decode()
    return encoded


def _decoded(message: dict[str, Any]) -> Message:
    decoded = dict(message)
    if "headers" in decoded:
        decoded["headers"] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in decoded["headers"]]
    if "body" in decoded:
        decoded["body"] = base64.b64decode(decoded["body"])
    return decoded
