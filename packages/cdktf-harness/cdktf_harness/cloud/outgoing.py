"""Requests that the embedded cloud sends for a caller: by HTTP and HTTPS.

urllib opens files of this machine, too, and ministack gives it URLs that callers name, in API Gateway, Cognito,
EventBridge and SNS.
"""

from __future__ import annotations

from typing import Any
from urllib.error import URLError
from urllib.request import DataHandler, FileHandler, FTPHandler


def install() -> None:
    """Refuse other URLs in this process."""
    for handler, method in ((FileHandler, "file_open"), (FTPHandler, "ftp_open"), (DataHandler, "data_open")):
        setattr(handler, method, _refuse)


def _refuse(handler: Any, request: Any) -> Any:
    raise URLError("a URL begins with http:// or https://")
