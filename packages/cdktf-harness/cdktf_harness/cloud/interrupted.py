"""What an interrupted apply made already is not refused to the next one.

Terraform that is killed, or loses an answer, does not know what the embedded cloud has made for it: the next apply asks
for it once more, and would be refused for ever, since it exists. So the cloud remembers what it answered to Terraform
as long as an apply has not ended well. When a later one is refused what the same request was granted before, it gets
that answer again. AWS refuses it: there, the user imports or deletes what is there.

An apply is under way from when `applying.json` appears in the cloud's folder until it is removed; it is written anew at
the beginning of each, and says whether the one before was interrupted. The answers are kept beside it, since the cloud
may be stopped meanwhile.
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
# What Terraform's providers call themselves: the bundled one, the real ones.
_PROVIDERS = ("cdktf-harness", "terraform")
# Those that make or change something.
_METHODS = ("POST", "PUT", "PATCH")


@contextmanager
def apply_in(folder: Path) -> Iterator[None]:
    """Mark an apply to the cloud whose files are in `folder`, until the block has ended without an exception."""
    records.write(folder / MARK, {"apply": str(uuid4()), "interrupted": (folder / MARK).exists()})
    yield
    (folder / MARK).unlink(missing_ok=True)


class Interrupted:
    """The cloud's ASGI application, which answers as it did before where an apply was interrupted."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._mark = (0, 0)
        self._apply = ""
        # By request: the apply that made it, the number of the call, the answer.
        self._answers: dict[str, tuple[str, str, list[Message]]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
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
                # Two resources want the same in one apply, which is the app's fault.
                del self._answers[request]
        for message in answer:
            await send(message)

    def _is_terraform(self, scope: Message) -> bool:
        return any(name in header(scope, "user-agent").lower() for name in _PROVIDERS)

    def _under_way(self) -> bool:
        """Whether an apply is under way, or was and did not end well."""
        try:
            found = os.stat(self._folder / MARK)
        except FileNotFoundError:
            self._forget()
            return False
        if self._mark != (found.st_ino, found.st_mtime_ns):
            self._mark = (found.st_ino, found.st_mtime_ns)
            mark = records.read(self._folder / MARK)
            if not mark["interrupted"]:
                self._forget()
            elif not self._apply:
                # This process was started since.
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
    """The answers in a file, without a last line that was not finished."""
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            request, apply, call, messages = json.loads(line)
        except ValueError:
            return
        yield request, (apply, call, [_decoded(message) for message in messages])


def _encoded(message: Message) -> dict[str, Any]:
    """An ASGI message as JSON has it."""
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
