"""The refusal of a request."""

from __future__ import annotations


class Refused(Exception):
    """Ends a request with `status` and the reason `why`."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why = why
        self.status = status
