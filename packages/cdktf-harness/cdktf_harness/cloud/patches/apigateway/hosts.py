"""API Gateway: a REST API answers at its own host name in a region, `ID.execute-api.eu-central-1.amazonaws.com`.

ministack knows `ID.execute-api.` before one fixed name only (app.py 50); what has another one is a bucket's or a call.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
"""

from __future__ import annotations

import re

from ministack import app as upstream  # type: ignore[import-untyped]


def install() -> None:
    """Let the host name be that of any region; whether it is this cloud's is the front door's business."""
    fixed = re.escape(upstream._MINISTACK_HOST)
    pattern = upstream._EXECUTE_API_RE.pattern.replace(fixed, rf"(?:{fixed}|[a-z0-9-]+\.amazonaws\.com)")
    upstream._EXECUTE_API_RE = re.compile(pattern)
