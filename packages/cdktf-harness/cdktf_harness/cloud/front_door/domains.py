"""Requests to the custom domains of deployed APIs.

A request whose Host is such a domain is changed into one for the path of its API. So it reaches the API's routes, and
nothing else that ministack finds by host or path; and a page whose name points here reaches what is public already.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.asgi import Message
from cdktf_harness.cloud.front_door.request import Request

# A domain is never one of the names under which the embedded cloud is called.
_RESERVED = re.compile(
    r"[^.]*|[\d.]+|host\.docker\.internal|(?:.+\.)?(?:amazonaws\.com|localhost)\.?|.+\.(?:execute-api|lambda-url)\..+"
)
FORBIDDEN = "/_aws/execute-api/-/-/"
"""The path of a request to a domain that leads to no API."""


def name(request: Request, port: int) -> str:
    """Return the deployed domain that a request is for; else ""."""
    host, _, own = request.host.lower().partition(":")
    known = own in ("", str(port)) and not _RESERVED.fullmatch(host) and service.find_domain_scope(host)
    return host if known else ""


def rewritten(scope: Message, request: Request, port: int) -> Message:
    """Return the scope of a request to its `domain` as one to the API that domain and path are mapped to."""
    found = service.resolve_base_path_mapping(request.domain, request.path)
    path = raw = FORBIDDEN
    # Without a slash, the rest would be part of the stage's name.
    if found and found[2].startswith("/") and request.path.startswith("/") and "/@connections/" not in request.path:
        api, stage, rest = found
        base = request.path.removesuffix(rest) if request.path.endswith(rest) else request.path
        kept = request.raw_path.startswith(base)
        before = f"/_aws/execute-api/{api}/{stage}" if stage else f"/_aws/execute-api/{api}"
        path, raw = before + rest, before + (request.raw_path[len(base) :] or "/" if kept else quote(rest))
    headers = [(key, value) for key, value in scope["headers"] if key.lower() != b"host"]
    own = (b"host", f"localhost:{port}".encode())
    return {**scope, "path": path, "raw_path": raw.encode("latin-1"), "headers": [own, *headers]}
