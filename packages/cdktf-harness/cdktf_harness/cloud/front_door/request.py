"""A request as the embedded AWS reads it, and its refusal."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote

from ministack.core.sigv4 import decode_header_value  # type: ignore[import-untyped]

current: ContextVar[Request | None] = ContextVar("current", default=None)
"""The request to a deployed API that is handled."""


@dataclass(frozen=True)
class Request:
    """The parts of an HTTP request that identify its target and its sender.

    `path` is decoded, `raw_path` is not; header names are in lower case.
    """

    method: str
    path: str
    raw_path: str
    query_string: str
    headers: Mapping[str, str]
    domain: str = ""
    """The custom domain of an API that it was sent to."""

    @property
    def host(self) -> str:
        """The host and port in the request."""
        return self.headers.get("host", "")

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """The query's values by name."""
        return parse_qs(self.query_string, keep_blank_values=True)

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> Request:
        """Return the request of an ASGI scope.

        Repeated headers are joined as in ministack 1.5, so that both read the same values.
        """
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), decode_header_value(raw_value)
            headers[name] = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}" if name in headers else value
        raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
        query = scope.get("query_string", b"").decode(errors="replace")
        return cls(scope["method"], scope["path"], raw_path.decode("latin-1"), query, headers)


class Refused(Exception):
    """Ends a request with `status` and the reason `why`."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why = why
        self.status = status
