"""The output of a function's container, in CloudWatch Logs.

Each container has one log stream, as on Lambda. One attached stream of the engine is read as long as the container
runs. Output can arrive after the response of the request that wrote it: the lines that end a request are written when
nothing has arrived for a moment, or when the next request begins.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from docker.models.containers import Container

SETTLED_SECONDS = 0.05
# A function that prints in the background does not stop; a line without an end is written in parts, as Lambda does.
_SETTLED_AT_LATEST, _LINE_BYTES = 2.0, 1 << 18
# The rest of a removed container's output does end, unless the engine has not removed it.
_REST_SECONDS = 30.0
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
        self._settled, self._complete = threading.Event(), threading.Event()
        self._complete.set()
        self._quiet_since = self._ended_at = 0.0

    def follow(self, container: Container) -> None:
        """Read what a container prints, from before its start until it ends."""
        printed = container.attach(stream=True, logs=True)
        self._complete.clear()
        threading.Thread(target=self._receive, args=[printed], name="function-output", daemon=True).start()

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
            self._quiet_since = self._ended_at = time.monotonic()
        _requests().put(self)

    def of_request(self, seconds: float = 5) -> str:
        """Return what was written for the last request, which `end` was called for."""
        self._settled.wait(seconds)
        return "\n".join(self._request)

    def wait_for_end(self) -> None:
        """Wait until the lines are written that end the last request."""
        if self._ending:
            self._settled.wait(2 * _SETTLED_AT_LATEST)

    def close(self) -> None:
        """Write no more, after the output of a container that was removed has ended."""
        self._complete.wait(_REST_SECONDS)
        with self._lock:
            self._finish()
            self._closed = True

    def settle(self) -> bool:
        """Wait for a moment; return whether the last request has ended, as it does if nothing has arrived."""
        if self._ending:
            time.sleep(max(self._quiet_since + SETTLED_SECONDS - time.monotonic(), 0))
        with self._lock:
            if time.monotonic() >= min(self._quiet_since + SETTLED_SECONDS, self._ended_at + _SETTLED_AT_LATEST):
                self._finish()
            return not self._ending

    def _receive(self, printed: Any) -> None:
        rest = b""
        with suppress(Exception):  # what the engine's client and its connection raise is of many types
            for part in printed:
                *lines, rest = (rest + part).split(b"\n")
                if len(rest) >= _LINE_BYTES:
                    lines, rest = [*lines, rest], b""
                with self._lock:
                    self._write([line.decode(errors="replace").rstrip("\r") for line in lines])
                    # More may have arrived in the meantime.
                    self._quiet_since = time.monotonic()
        with self._lock:
            self._write(rest.decode(errors="replace").splitlines())
        self._complete.set()
        self._ended()
        # The lines that end its last request.
        if not self._settled.wait(1):
            with self._lock:
                self._finish()

    def _finish(self) -> None:
        if ending := self._ending:
            self._ending = None
            self._write(ending())
            self._settled.set()

    def _write(self, lines: list[str]) -> None:
        if lines and not self._closed:
            self._request += lines
            self._context.copy().run(store, self.group, self.stream, lines)


@cache
def _requests() -> queue.SimpleQueue[Output]:
    """Return where to put outputs whose request has ended; one thread waits for all of them."""
    ended: queue.SimpleQueue[Output] = queue.SimpleQueue()

    def settle() -> None:
        while output := ended.get():
            if not output.settle():
                ended.put(output)

    threading.Thread(target=settle, name="settled-output", daemon=True).start()
    return ended


def store(group_name: str, stream_name: str, lines: list[str]) -> None:
    """Add lines to a stream of CloudWatch Logs; create what does not exist."""
    from ministack.services import cloudwatch_logs as logs  # type: ignore[import-untyped]

    names, now = {"logGroupName": group_name, "logStreamName": stream_name}, int(time.time() * 1000)
    # They refuse what exists.
    logs._create_log_group(names)
    logs._create_log_stream(names)
    events = [{"timestamp": now, "message": line} for line in lines if line]
    logs._put_log_events({**names, "logEvents": events})
