"""An HTTP client for a deployed URL."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout

from cdktf_harness.system.http import ANSWER_SECONDS


class Http:
    """A client that sends requests to `base`, or to paths relative to it, and returns responses of any status.

    A response is urllib3's: `status`, `headers`, `data` (bytes), `json()`.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        # No retries: a test sees what a client sees.
        self._pool = PoolManager(timeout=Timeout(ANSWER_SECONDS), retries=Retry(0, redirect=0, raise_on_redirect=False))

    def get(self, path: str = "", *, headers: Mapping[str, str] | None = None) -> BaseHTTPResponse:
        """GET `base`, or `path` relative to it, resolved as in a browser."""
        return self.request("GET", path, headers=headers)

    def request(
        self, method: str, path: str = "", *, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> BaseHTTPResponse:
        """Send a request. Raises urllib3's exceptions without a response."""
        return self._pool.request(method, urljoin(self.base, path), body=body, headers=headers)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
