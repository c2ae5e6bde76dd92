"""The output of a build, in the form of `docker build --progress=plain`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from buildkit_client import buildkit_pb2 as pb

TRACE = "moby.buildkit.trace"
_TAIL_LINES = 40


class Progress:
    """Converts the engine's messages to lines, and keeps the output of the failing step."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._numbers: dict[str, int] = {}
        self._shown: set[tuple[str, str]] = set()
        self._output: dict[str, list[str]] = {}
        self._errors: dict[str, str] = {}

    def message(self, message: Mapping[str, Any]) -> None:
        """Process one message of the engine's stream."""
        if message.get("id") == TRACE:
            self._trace(pb.StatusResponse.FromString(base64.b64decode(message["aux"])))
        elif message.get("stream"):
            self._log(str(message["stream"]).rstrip("\n"))

    def tail(self, error: str) -> str:
        """The end of the output of the step that failed with the build's `error`; "" if none did or it printed nothing.

        Steps that ran at the same time are cancelled, which they report as an error, too.
        """
        failed = next((step for step, said in self._errors.items() if said in error), "")
        return "\n".join(self._output.get(failed, [])[-_TAIL_LINES:])

    def _trace(self, status: pb.StatusResponse) -> None:
        for vertex in status.vertexes:
            self._vertex(vertex)
        for log in status.logs:
            for line in log.msg.decode(errors="replace").splitlines():
                self._output.setdefault(log.vertex, []).append(line)
                self._log(f"#{self._number(log.vertex)} {line}")

    def _vertex(self, vertex: pb.Vertex) -> None:
        number = self._number(vertex.digest)
        if vertex.error:
            self._errors.setdefault(vertex.digest, vertex.error)
        states = {
            vertex.name: vertex.HasField("started") or vertex.cached,
            "CACHED": vertex.cached,
            f"ERROR: {vertex.error}": bool(vertex.error),
            "DONE": vertex.HasField("completed") and not vertex.cached and not vertex.error,
        }
        for text, holds in states.items():
            if holds and (vertex.digest, text) not in self._shown:
                self._shown.add((vertex.digest, text))
                self._log(f"#{number} {text}")

    def _number(self, digest: str) -> int:
        return self._numbers.setdefault(digest, len(self._numbers) + 1)
