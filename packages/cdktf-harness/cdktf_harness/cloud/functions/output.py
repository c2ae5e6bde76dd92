"""The output of a function's container, in CloudWatch Logs.

Each container has one log stream, as on Lambda. One attached stream of the engine is read as long as the container
runs. Output can arrive after the response of the request that wrote it: the lines that end a request are written when
nothing has arrived for a moment, or when the next request begins.
"""

from __future__ import annotations

import contextvars
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from docker.models.containers import Container

SETTLED_SECONDS = 0.05
_CHUNK, _HEADER_BYTES = 1 << 16, 8
Lines = Callable[[], list[str]]


class Output:
    """Writes what a container prints to the log group of its function; `ended` is called when the container ends."""

    def __init__(self, config: dict[str, Any], ended: Callable[[], object]) -> None:
        version = config.get("Version", "$LATEST")
        self.group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
        self.stream = f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid4().hex}"
        self._ended = ended
        # The account and the region, which ministack keeps for each request.
        self._context = contextvars.copy_context()
        self._lock = threading.Lock()
        self._closed = False
        self._ending: Lines | None = None
        self._request: list[str] = []
        self._settled = threading.Event()
        self._woken, self._wake = socket.socketpair()

    def follow(self, container: Container) -> None:
        """Read what a container prints, from before its start until it ends."""
        # The answer is of another type on each platform; keep it, since it closes the socket within it.
        stream: Any = container.attach_socket(params={"stdout": 1, "stderr": 1, "stream": 1, "logs": 1})
        threading.Thread(target=self._read, args=[stream], name="function-output", daemon=True).start()

    def begin(self, line: str) -> None:
        """Write the line that begins a request."""
        with self._lock:
            self._finish()
            self._request.clear()
            self._settled.clear()
            self._write([line])

    def end(self, lines: Lines) -> None:
        """Write the lines that end the request, as soon as its output has arrived."""
        with self._lock:
            self._ending = lines
        with suppress(OSError):
            self._wake.send(b".")

    def of_request(self, seconds: float = 5) -> str:
        """Return what was written for the last request, which `end` was called for."""
        self._settled.wait(seconds)
        return "\n".join(self._request)

    def close(self) -> None:
        """Write no more."""
        with self._lock:
            self._finish()
            self._closed = True

    def _read(self, stream: Any) -> None:
        source, received, text = getattr(stream, "_sock", stream), bytearray(), bytearray()
        with selectors.DefaultSelector() as selector, suppress(OSError):
            selector.register(source, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select(SETTLED_SECONDS if self._ending else None)]
                if self._woken in ready:
                    self._woken.recv(_CHUNK)
                if source in ready:
                    data = source.recv(_CHUNK)
                    if not data:
                        break
                    received += data
                    text += _payloads(received)
                    *lines, rest = bytes(text).decode(errors="replace").split("\n")
                    text = bytearray(rest.encode())
                    with self._lock:
                        self._write([line.rstrip("\r") for line in lines])
                elif not ready:
                    with self._lock:
                        self._finish()
        with self._lock:
            self._write(bytes(text).decode(errors="replace").splitlines())
        with suppress(OSError):
            stream.close()
        self._ended()
        # The lines that end its last request.
        if not self._settled.wait(1):
            with self._lock:
                self._finish()
        self._woken.close()
        self._wake.close()

    def _finish(self) -> None:
        if ending := self._ending:
            self._ending = None
            self._write(ending())
            self._settled.set()

    def _write(self, lines: list[str]) -> None:
        if lines and not self._closed:
            self._request += lines
            self._context.copy().run(_store, self.group, self.stream, lines)


def _payloads(received: bytearray) -> bytes:
    """Take the complete frames off the beginning, and return what is in them (Docker Engine API, Stream format)."""
    found = bytearray()
    while len(received) >= _HEADER_BYTES:
        end = _HEADER_BYTES + int.from_bytes(received[4:8], "big")
        if len(received) < end:
            break
        found += received[_HEADER_BYTES:end]
        del received[:end]
    return bytes(found)


def _store(group_name: str, stream_name: str, lines: list[str]) -> None:
    from ministack.services import cloudwatch_logs as logs  # type: ignore[import-untyped]

    now = int(time.time() * 1000)
    if group_name not in logs._log_groups:
        logs._log_groups[group_name] = {
            "arn": logs._make_group_arn(group_name),
            "creationTime": now,
            "retentionInDays": None,
            "tags": {},
            "subscriptionFilters": {},
            "streams": {},
        }
    new = {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": now,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }
    stream = logs._log_groups[group_name]["streams"].setdefault(stream_name, new)
    events = [{"timestamp": now, "message": line} for line in lines if line]
    logs._append_log_events(stream, [{**event, "ingestionTime": now} for event in events])
    logs._fanout_to_subscription_filters(group_name, stream_name, events)
