"""Classify requests to the embedded AWS by host, path and origin."""

from __future__ import annotations

import re
from collections.abc import Callable

from ministack import app as upstream  # type: ignore[import-untyped]

from cdktf_harness.cloud.front_door.request import Request

HEALTH = "/_localstack/health"
RESET = "/_ministack/reset"
# Names of this machine that cannot be rebound: no resolver asks a server for *.localhost (RFC 6761), and functions use
# host.docker.internal for this machine. A page that uses DNS rebinding sends another Host.
_HOST = re.compile(r"(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|host\.docker\.internal):(\d+)")
# Taken only where that is asked for: a page cannot be led here by its owner, whose name it would have to be.
_AWS_HOST = re.compile(r"(?:[a-z0-9-]+\.)+amazonaws\.com")
_ORIGIN = re.compile(r"http://(?:localhost|127\.0\.0\.1):(\d+)")
# ministack 1.5 matches these paths before it matches the host of an API.
_BEFORE_APIS: tuple[Callable[[str], bool], ...] = (
    lambda path: path.startswith(("/iceberg", "/v20180820/", "/v2/email")),
    lambda path: path in upstream._RDS_DATA_PATHS,
    lambda path: path in ("/oauth2/authorize", "/oauth2/login", "/oauth2/token", "/login", "/logout", "/health"),
    lambda path: path in upstream._COGNITO_USERINFO_PATHS or path == "/WriteGetObjectResponse",
    lambda path: upstream._is_ecr_registry_path(path),
)
_PUBLIC_PREFIXES = ("/_aws/execute-api/", "/_aws/lambda-url/")


def is_ours(request: Request, port: int, *, aws_hosts: bool) -> bool:
    """Return whether the request's host is this machine and `port`, or one of AWS's with `aws_hosts`."""
    host = request.host.lower()
    found = _HOST.fullmatch(host)
    return int(found[1]) == port if found else aws_hosts and _AWS_HOST.fullmatch(host) is not None


def is_foreign_page(request: Request, port: int) -> bool:
    """Return whether a browser sent the request for a page of another origin."""
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = request.headers.get("origin")
    own = _ORIGIN.fullmatch(origin) if origin is not None else None
    return origin is not None and not (own and int(own[1]) == port)


def is_public(request: Request) -> bool:
    """Return whether it goes to a deployed API or a function URL, which are public on AWS too.

    Their own CORS settings and authorizers apply.
    """
    path = request.path
    if upstream._parse_cloudfront_dataplane_host(request.host):
        return False
    if any(before(path) for before in _BEFORE_APIS) or "/@connections/" in path:
        return False
    if path.startswith("/_") and not path.startswith(_PUBLIC_PREFIXES):
        return False
    return bool(upstream._parse_execute_api_url(request.host, path) or is_function_url(request))


def is_function_url(request: Request) -> bool:
    """Return whether it goes to a function URL."""
    return bool(upstream._parse_lambda_url(request.host, request.path))


def is_registry(request: Request) -> bool:
    """Return whether it goes to the image registry."""
    return bool(upstream._is_ecr_registry_path(request.path))
