"""Invocations of the function itself, without the API in front of it."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import own_error, raised
from cdktf_harness.system.errors import HarnessError

# Follows the stage in a URL of the embedded cloud.
_LOCAL_PATH = "/_user_request_"


@dataclass(frozen=True)
class Invocation:
    """The function's answer; `error` is AWS's kind of the function's error, `log` the end of its log."""

    status: int
    version: str
    request_id: str
    milliseconds: int
    payload: Any
    error: str = ""
    log: str = ""

    @property
    def failure(self) -> str:
        """The function's error, or its status if that is a server error; else empty."""
        if self.error:
            return raised(json.dumps(self.payload)) or self.error
        status = self.payload.get("statusCode", 200) if isinstance(self.payload, dict) else 200
        return f"it answered {status}" if str(status).startswith("5") else ""

    @property
    def final(self) -> bool:
        """Whether another call would not help: it succeeded, or raised its own error."""
        return not self.failure or own_error(json.dumps(self.payload))

    def document(self) -> dict[str, Any]:
        """Return the invocation as JSON."""
        return {**self.__dict__, "log": self.log.splitlines()}


def invoke(deployment: Deployment, event: Any, version: str = "") -> Invocation:
    """Invoke a version, or else the live one, with `event` and wait for its answer. Raises HarnessError."""
    function = deployment.live_function() | ({"Qualifier": version} if version else {})
    client, started = deployment.client("lambda"), time.monotonic()
    answer = client.invoke(**function, Payload=json.dumps(event).encode(), LogType="Tail")
    body = answer["Payload"].read()
    milliseconds = round(1000 * (time.monotonic() - started))
    try:
        payload = json.loads(body)
    except ValueError:
        payload = body.decode(errors="replace")
    return Invocation(
        status=answer["StatusCode"],
        version=answer.get("ExecutedVersion", ""),
        request_id=answer["ResponseMetadata"]["RequestId"],
        milliseconds=milliseconds,
        payload=payload,
        error=answer.get("FunctionError", ""),
        log=base64.b64decode(answer.get("LogResult", "")).decode(errors="replace"),
    )


def read_event(path: Path) -> Any:
    """Return the event in a JSON file. Raises HarnessError, and OSError if it cannot be read."""
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise HarnessError(f"{path} is not JSON: {error}") from None


def sample(url: str) -> dict[str, Any]:
    """Return the event of a GET of `url` as a REST API sends it to a function.

    API Gateway guide, "Lambda proxy integrations in API Gateway", input format.
    """
    parts = urlsplit(url)
    before, found, after = parts.path.partition(_LOCAL_PATH)
    stage = before.rpartition("/")[2] if found else parts.path.strip("/").partition("/")[0]
    path = (after if found else parts.path.removeprefix(f"/{stage}")) or "/"
    query = dict(parse_qsl(parts.query))
    headers = {"Accept": "*/*", "Host": parts.netloc}
    identity = {"sourceIp": "127.0.0.1", "userAgent": "cdktf-harness"}
    request = {"httpMethod": "GET", "path": parts.path, "resourcePath": path, "stage": stage, "protocol": "HTTP/1.1"}
    absent = ("pathParameters", "stageVariables", "body")
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        **dict.fromkeys(absent),
        "isBase64Encoded": False,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "requestContext": {**request, "requestId": "00000000-0000-0000-0000-000000000000", "identity": identity},
    }
