"""A request as the embedded AWS reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.sigv4 import decode_header_value  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Request:
    """The parts of an HTTP request that decide where it goes; `path` is decoded, header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """The host and port that the client asked for."""
        return self.headers.get("host", "")

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> Request:
        """The request of an ASGI scope.

        Repeated headers are joined as ministack 1.5 does, so that both read the same.
        """
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), decode_header_value(raw_value)
            headers[name] = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}" if name in headers else value
        return cls(scope["method"], scope["path"], headers)
