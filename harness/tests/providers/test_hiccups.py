"""AWS that is not ready yet, or fails half-way: a proxy in front of the embedded cloud answers some calls itself."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cdktf_harness.cloud.process import Cloud

from .workspace import Workspace

Answer = tuple[int, str, str]


class Proxy(ThreadingHTTPServer):
    """Passes everything on to the cloud, but what `refuse` has an answer (status, code, message) for."""

    def __init__(self, cloud: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cloud = cloud
        self.refuse: Callable[[str], Answer | None] = lambda operation: None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target") or f"{self.command} {self.path}"
        refusal = self.server.refuse(operation)
        if refusal:
            status, code, message = refusal
            self._answer(status, json.dumps({"__type": code, "message": message}).encode(), {"x-amzn-ErrorType": code})
            return
        headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
        request = urllib.request.Request(
            self.server.cloud + self.path, data=body or None, headers=headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                self._answer(response.status, response.read(), dict(response.headers))
        except urllib.error.HTTPError as error:
            self._answer(error.code, error.read(), dict(error.headers))

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in headers.items():
            if key.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def proxy(cloud: Cloud, workspace: Workspace) -> Iterator[Proxy]:
    """A proxy between the workspace and its cloud."""
    with Proxy(cloud.url) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        workspace.env["AWS_ENDPOINT_URL"] = proxy.url
        yield proxy
        proxy.shutdown()
        thread.join()


def test_role_not_there_yet(workspace: Workspace, proxy: Proxy) -> None:
    """A function whose role IAM has just made is tried again until Lambda can assume the role."""
    refusals = iter(range(2))

    def refuse(operation: str) -> Answer | None:
        if operation.startswith("POST /2015-03-31/functions") and next(refusals, None) is not None:
            return (
                400,
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
            )
        return None

    proxy.refuse = refuse
    function = {
        "function_name": "patient",
        "package_type": "Image",
        "image_uri": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/x:1",
        "role": "arn:aws:iam::000000000000:role/new",
    }
    workspace.write(resource={"aws_lambda_function": {"this": function}})
    workspace.apply()
    assert workspace.state("aws_lambda_function.this")["version"] == "$LATEST"
    assert next(refusals, None) is None


def test_half_made(workspace: Workspace, proxy: Proxy) -> None:
    """A resource that AWS made before a later step failed is not lost: the next apply replaces it."""
    proxy.refuse = lambda operation: (
        (400, "AccessDeniedException", "not yours") if operation.endswith("PutRetentionPolicy") else None
    )
    group = {"name": "/half", "retention_in_days": 14}
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": group}})
    errors = workspace.fails("apply", "-auto-approve")
    assert "Error: creating CloudWatch Logs Log Group (/half): operation error" in errors
    assert "AccessDeniedException: not yours" in errors
    proxy.refuse = lambda operation: None
    assert workspace.actions() == {"aws_cloudwatch_log_group.this": ["delete", "create"]}
    workspace.apply()
    assert workspace.plan() == {}


def test_refused(workspace: Workspace, proxy: Proxy) -> None:
    """What AWS refuses for good is not tried again, and its words reach the user."""
    calls = []

    def refuse(operation: str) -> Answer | None:
        calls.append(operation)
        return 403, "AccessDeniedException", "User is not authorized to perform: logs:CreateLogGroup"

    proxy.refuse = refuse
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/mine"}}})
    errors = workspace.fails("apply", "-auto-approve")
    assert "https response error StatusCode: 403" in errors
    assert "AccessDeniedException: User is not authorized to perform: logs:CreateLogGroup" in errors
    assert len(calls) == 1
