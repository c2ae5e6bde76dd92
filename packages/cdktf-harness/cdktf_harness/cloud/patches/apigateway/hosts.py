"""API Gateway: a REST API answers at its own host name in a region, `ID.execute-api.eu-central-1.amazonaws.com`.

ministack knows `ID.execute-api.` with one fixed suffix only (app.py 50); it treats other hosts as buckets or calls.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
"""

from __future__ import annotations

import re

from ministack import app as upstream  # type: ignore[import-untyped]

_FIXED = re.escape(upstream._MINISTACK_HOST)
# Of any region; the front door decides whether a name is this cloud's.
_ANY = upstream._EXECUTE_API_RE.pattern.replace(_FIXED, rf"(?:{_FIXED}|[a-z0-9-]+\.amazonaws\.com)")
upstream._EXECUTE_API_RE = re.compile(_ANY)
