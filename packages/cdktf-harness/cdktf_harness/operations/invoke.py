"""Call the function itself, without the API in front of it."""

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

# What stands before the path of a stage in the embedded cloud; on AWS it is the stage alone.
_LOCAL_PATH = "/_user_request_"


@dataclass(frozen=True)
class Invocation:
    """What the function returned; `error` is AWS's kind of an error of the function, `log` the end of its log."""

    status: int
    version: str
    request_id: str
    milliseconds: int
    payload: Any
    error: str = ""
    log: str = ""

    @property
    def failure(self) -> str:
        """The function's error, or its status if it is one of a server's errors; else empty."""
        if self.error:
            return raised(json.dumps(self.payload)) or self.error
        status = self.payload.get("statusCode", 200) if isinstance(self.payload, dict) else 200
        return f"it answered {status}" if str(status).startswith("5") else ""

    @property
    def final(self) -> bool:
        """Whether another call is of no use: it answered well, or raised an error of its own."""
        return not self.failure or own_error(json.dumps(self.payload))

    def document(self) -> dict[str, Any]:
        """The invocation as JSON."""
        return {**self.__dict__, "log": self.log.splitlines()}


def invoke(deployment: Deployment, event: Any, version: str = "") -> Invocation:
    """Invoke a version, or else what is live, with `event` and wait for its answer. Raises HarnessError."""
    called, client = deployment.live_function(), deployment.client("lambda")
    called |= {"Qualifier": version} if version else {}
    started = time.monotonic()
    answer = client.invoke(**called, Payload=json.dumps(event).encode(), LogType="Tail")
    body = answer["Payload"].read()
    milliseconds = round(1000 * (time.monotonic() - started))
    return Invocation(
        status=answer["StatusCode"],
        version=answer.get("ExecutedVersion", ""),
        request_id=answer["ResponseMetadata"]["RequestId"],
        milliseconds=milliseconds,
        payload=_parsed(body),
        error=answer.get("FunctionError", ""),
        log=base64.b64decode(answer.get("LogResult", "")).decode(errors="replace"),
    )


def read_event(path: Path) -> Any:
    """Return the event in a JSON file. Raises HarnessError."""
    try:
        return json.loads(path.read_text())
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise HarnessError(f"{path} is not JSON: {error}") from None


def sample(url: str) -> dict[str, Any]:
    """Return the event of a GET of `url` as a REST API sends it to a function.

    API Gateway guide, "Lambda proxy integrations in API Gateway", input format.
    """
    parts = urlsplit(url)
    before, found, after = parts.path.partition(_LOCAL_PATH)
    stage = before.rpartition("/")[2] if found else parts.path.strip("/").partition("/")[0]
    path = after if found else parts.path.removeprefix(f"/{stage}")
    query = dict(parse_qsl(parts.query))
    headers = {"Accept": "*/*", "Host": parts.netloc}
    return {
        "resource": path or "/",
        "path": path or "/",
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": "GET",
            "path": parts.path,
            "resourcePath": path or "/",
            "stage": stage,
            "protocol": "HTTP/1.1",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "cdktf-harness"},
        },
        "body": None,
        "isBase64Encoded": False,
    }


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
