"""`POST /jobs` takes a job in, `GET /jobs` tells where jobs go."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    if event["httpMethod"] == "GET":
        return _answer(200, {"queue": os.environ["QUEUE_URL"], "table": os.environ["TABLE"]})
    body = event["body"] or ""
    if not body:
        return _answer(400, {"message": "a job has a body"})
    return _answer(202, {"id": hashlib.sha256(body.encode()).hexdigest()[:12]})


def _answer(status: int, content: dict[str, str]) -> dict[str, Any]:
    return {"statusCode": status, "body": json.dumps(content), "headers": {"Content-Type": "application/json"}}
