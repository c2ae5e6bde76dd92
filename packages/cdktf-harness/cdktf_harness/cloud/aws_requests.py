"""Identify the AWS call of a request, and the errors that AWS has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from cdktf_harness.cloud.front_door.request import Request

if TYPE_CHECKING:
    from botocore.model import ServiceModel

# Names of services in signatures that differ from those in boto3.
_SIGNED_AS = {"monitoring": "cloudwatch", "email": "ses"}
_SIGNATURE = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")
_RPC_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)")
Refusal = tuple[int, str, str]
"""HTTP status, AWS error code, message."""


@dataclass(frozen=True)
class Call:
    """A request: `name` is `service:Operation` in boto3's names, or `METHOD /path` if it is not an AWS call.

    `labels`: the parameters in its path.
    """

    name: str
    protocol: str
    labels: Mapping[str, str] = field(default_factory=dict)
    service: str = ""

    @property
    def operation(self) -> str:
        """The operation of the service; empty if it is not an AWS call, whose path may have a colon, too."""
        service, _, operation = self.name.partition(":")
        return operation if service == self.service else ""

    def refusal(self, fault: str) -> Refusal:
        """Return AWS's error for too many calls, a missing permission, or an internal failure."""
        xml = self.protocol == "rest-xml"
        if fault == "throttling":
            codes = {"query": "Throttling", "rest-json": "TooManyRequestsException", "rest-xml": "SlowDown"}
            status = {"rest-json": 429, "rest-xml": 503}.get(self.protocol, 400)
            return status, codes.get(self.protocol, "ThrottlingException"), "Rate exceeded"
        if fault == "denied":
            code = "AccessDenied" if xml or self.protocol == "query" else "AccessDeniedException"
            return 403, code, f"User is not authorized to perform: {self.name}"
        failed = "The request processing has failed because of an unknown error."
        return 500, "InternalError" if xml else "InternalFailure", failed


def call_of(request: Request, body: bytes) -> Call:
    """Return the call of a request."""
    method, path = request.method, request.raw_path.partition("?")[0]
    headers, query = request.headers, request.query_string
    presigned = f"Credential={request.query.get('X-Amz-Credential', [''])[0]}"
    signature = _SIGNATURE.search(headers.get("authorization") or presigned)
    service = _SIGNED_AS.get(signature[1], signature[1]) if signature else ""
    if service == "apigateway" and path.startswith("/v2/"):
        # Both services have one name in signatures.
        service = "apigatewayv2"
    if named := _named(path, request, body):
        return Call(f"{service}:{named[0]}", named[1], service=service)
    for name, protocol, verb, pattern, parameters in _routes(service):
        found = pattern.fullmatch(path) if verb == method else None
        if found and all(part in query.split("&") for part in parameters):
            labels = {key: unquote(value) for key, value in found.groupdict().items()}
            return Call(f"{service}:{name}", protocol, labels, service)
    return Call(f"{method} {path}", "rest-json", service=service)


def _named(path: str, request: Request, body: bytes) -> tuple[str, str] | None:
    """Return operation and protocol of a call that names its operation."""
    headers = request.headers
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2], "json"
    if rpc := _RPC_PATH.fullmatch(path):
        return rpc[2], "cbor" if "cbor" in headers.get("smithy-protocol", "") else "json"
    form = parse_qs(body.decode(errors="replace")) if "form" in headers.get("content-type", "") else {}
    if path == "/" and (action := form.get("Action") or request.query.get("Action")):
        return action[0], "query"
    return None


@cache
def model(service: str) -> ServiceModel | None:
    """Return botocore's model of a service; None if there is none of this name."""
    # Imported late, and only if faults are injected or policies are evaluated: it takes 0.1 s.
    from botocore.session import get_session

    session = get_session()
    return session.get_service_model(service) if service in session.get_available_services() else None


@cache
def _routes(service: str) -> tuple[tuple[str, str, str, re.Pattern[str], tuple[str, ...]], ...]:
    """Return operation, protocol, method, path and required query of each route, from botocore; most specific first."""
    if not (described := model(service)):
        return ()
    routes = []
    for name in described.operation_names:
        http = described.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        # `{Name}` matches one part of a path, `{Name+}` any number of parts.
        parts = re.split(r"\{[^}]+\}", path)
        labels = re.findall(r"\{([^}]+)\}", path)
        pattern = re.escape(parts[0])
        for label, text in zip(labels, parts[1:], strict=True):
            name_of = re.sub(r"\W", "_", label.removesuffix("+"))
            pattern += f"(?P<{name_of}>{'.+' if label.endswith('+') else '[^/]+'})" + re.escape(text)
        rank = (-len(query), -sum(map(len, parts)))
        parameters = tuple(filter(None, query.split("&")))
        routes.append(
            (rank, (name, described.metadata["protocol"], http["method"], re.compile(pattern + "/?"), parameters))
        )
    return tuple(route for _, route in sorted(routes, key=lambda ranked: ranked[0]))
