"""A client of the Debug Adapter Protocol, as an editor is one.

Source: https://microsoft.github.io/debug-adapter-protocol/overview
"""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS = 120.0


class Client:
    """A client that is connected to `port` of the loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._file = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._events: list[dict[str, Any]] = []

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()

    def send(self, command: str, **arguments: Any) -> int:
        """Send a request and return its number."""
        number = next(self._numbers)
        body = json.dumps({"seq": number, "type": "request", "command": command, "arguments": arguments}).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return number

    def answer(self, number: int) -> dict[str, Any]:
        """Return the body of the response to the request `number`."""
        while True:
            message = self._read()
            if message["type"] == "response" and message["request_seq"] == number:
                assert message["success"], message
                return dict(message.get("body") or {})
            self._events.append(message)

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and return the body of its response."""
        return self.answer(self.send(command, **arguments))

    def event(self, name: str) -> dict[str, Any]:
        """Return the body of the next event `name`."""
        while True:
            message = self._events.pop(0) if self._events else self._read()
            assert message.get("success", True), message
            if message["type"] == "event" and message["event"] == name:
                return dict(message.get("body") or {})

    def _read(self) -> dict[str, Any]:
        length = 0
        while line := self._file.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                length = int(value)
        assert length, "the connection was closed"
        return dict(json.loads(self._file.read(length)))

    def attach(self, *, local: str, remote: str, breakpoints: Mapping[Path, list[int]]) -> None:
        """Attach with `local` mapped to the folder `remote`, and break at lines of files."""
        self.ask("initialize", clientID="test", adapterID="debugpy", linesStartAt1=True, pathFormat="path")
        attached = self.send("attach", pathMappings=[{"localRoot": local, "remoteRoot": remote}])
        self.event("initialized")
        for file, lines in breakpoints.items():
            self.ask("setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": line} for line in lines])
        self.ask("configurationDone")
        self.answer(attached)
