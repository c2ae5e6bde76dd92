"""The whole application: `GET /time` answers with the current epoch time."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

# Lambda writes its records as JSON, with the request's id.
_log = logging.getLogger()
_starts = {"cold_start": True}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the seconds since 1970-01-01 UTC as an API Gateway proxy response."""
    _log.info("request", extra=dict(_starts))
    _starts["cold_start"] = False
    return {
        "statusCode": 200,
        "body": json.dumps({"The current epoch time": int(time.time())}),
        "headers": {"Content-Type": "application/json"},
    }
