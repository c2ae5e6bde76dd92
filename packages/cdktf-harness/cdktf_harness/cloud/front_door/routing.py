"""Route a signed request to the service in its credential scope, as AWS's host names do.

ministack 1.5 prefers X-Amz-Target, some hosts and paths, and the form body to the scope: what is signed for one service
reaches another one.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.core import router  # type: ignore[import-untyped]
from ministack.core.router import SERVICE_PATTERNS, detect_service  # type: ignore[import-untyped]

from cdktf_harness.cloud.front_door.request import Refused, Request

# The scope of the request's signature; empty for what is public and for the registry.
scope: ContextVar[str] = ContextVar("scope", default="")

# What takes requests by host or path, and the scopes whose requests it may take.
_HANDLERS = {
    "_handle_cognito_get_request": ("cognito-idp",),
    "_handle_cognito_body_request": ("cognito-idp",),
    "_handle_s3_control_request": ("s3",),
    "_handle_rds_data_request": ("rds-data",),
    "_handle_ses_v2_request": ("ses",),
    "_handle_cloudfront_dataplane_request": ("cloudfront",),
    "_handle_s3_vhost_request": ("s3", "s3-object-lambda"),
    "_handle_alb_request": ("elasticloadbalancing",),
}
# The same for code that is no function of ministack's.
_PATHS = {"/WriteGetObjectResponse": ("s3-object-lambda",), "/iceberg": ("glue", "s3tables")}
_Handler = Callable[..., Awaitable[Any]]


def install() -> None:
    """Change the routing of this process."""

    def routed(method: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any]) -> str:
        signed_for = scope.get()
        detected = _service(signed_for, method, path, headers, query) if signed_for else None
        return str(detected or detect_service(method, path, headers, query))

    upstream.detect_service = routed
    # ministack looks for an unknown scope in all of botocore's models, which takes 3 s, and routes others to S3.
    router._is_aws_service_name = lambda name: True
    for name, scopes in _HANDLERS.items():
        setattr(upstream, name, _only(getattr(upstream, name), scopes))
    # A REST API answers at its own host in a region, `ID.execute-api.eu-central-1.amazonaws.com`: ministack knows one
    # fixed suffix only (app.py 50). The front door decides whether a name is this cloud's.
    fixed = re.escape(upstream._MINISTACK_HOST)
    any_region = rf"(?:{fixed}|[a-z0-9-]+\.amazonaws\.com)"
    upstream._EXECUTE_API_RE = re.compile(upstream._EXECUTE_API_RE.pattern.replace(fixed, any_region))


def check(request: Request, signed_for: str) -> None:
    """Raise Refused if a request is not for the service that it is signed for, or ministack has no such service."""
    takers = next((scopes for path, scopes in _PATHS.items() if request.path.startswith(path)), (signed_for,))
    target = _service(signed_for, request.method, request.path, request.headers, request.query)
    if signed_for not in takers or target is None:
        raise Refused(f"it is signed for {signed_for!r}, but calls another service")
    if target not in upstream.SERVICE_HANDLERS:
        raise Refused(f"the embedded cloud has no service {signed_for!r}")


def _service(
    signed_for: str, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any]
) -> str | None:
    """Return ministack's service for a scope; None if the request has the target of a service with another scope."""
    own = str(detect_service(method, path, {**_signed(signed_for), "host": headers.get("host", "")}, query))
    target = headers.get("x-amz-target", "")
    for service, patterns in SERVICE_PATTERNS.items():
        if target.startswith(tuple(patterns.get("target_prefixes", ()))):
            return service if service == own or patterns.get("credential_scope") == signed_for else None
    return own


def _signed(signed_for: str) -> dict[str, str]:
    return {"authorization": f"AWS4-HMAC-SHA256 Credential=-/-/-/{signed_for}/aws4_request"}


def _only(handle: _Handler, scopes: tuple[str, ...]) -> _Handler:
    async def handle_if_signed(*arguments: Any, **named: Any) -> Any:
        return await handle(*arguments, **named) if scope.get() in scopes else None

    return handle_if_signed
