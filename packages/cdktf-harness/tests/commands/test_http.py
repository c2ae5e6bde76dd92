"""Retries of requests to a deployed URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import http_server
import pytest
from http_server import Request, Response

from cdktf_harness.deployment.http_probe import EngineGone, fetch
from cdktf_harness.system.errors import HarnessError


@contextmanager
def serving(*statuses: int, text: str = "hello") -> Iterator[tuple[str, list[str]]]:
    """Run a server that gives these answers in order; yield its URL and the requested paths."""
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(request.path)
        return Response(text.encode(), statuses[len(asked) - 1])

    with http_server.serving(respond) as port:
        yield f"http://localhost:{port}/time", asked


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        # That of a cold start.
        '{"errorType": "Sandbox.Timedout"}',
    ],
)
def test_an_error_that_passes_is_waited_for(text: str) -> None:
    """A function that is still starting answers in the end."""
    with serving(502, 200, text=text) as (url, asked):
        assert fetch(url) == text
    assert asked == ["/time", "/time"]


GONE = '{"message": "{\\"errorType\\": \\"Runtime.DockerError\\", \\"errorMessage\\": \\"gone\\"}"}'


@pytest.mark.parametrize(
    ("status", "text", "error", "says"),
    [
        # The embedded cloud has no propagation delay: an API with keys refuses at once.
        (403, "hello", HarnessError, "/time answered 403: hello$"),
        (404, "hello", HarnessError, "/time answered 404: hello$"),
        (502, '{"errorType": "KeyError"}', HarnessError, "KeyError"),
        # The function returned `5`, for example.
        (502, '{"message": "Internal server error"}', HarnessError, "let the function return"),
        # A rollback would not help.
        (502, GONE, EngineGone, "the Docker engine, which runs"),
    ],
)
def test_an_error_that_stays_is_final(status: int, text: str, error: type[Exception], says: str) -> None:
    """The URL is requested once."""
    with serving(status, text=text) as (url, asked), pytest.raises(error, match=says):
        fetch(url)
    assert asked == ["/time"]


def frame(file: str, line: int) -> str:
    """A line of a stack as awslambdaric 4.2.2 writes it."""
    return f'  File "{file}", line {line}, in <module>\n    raise error\n'


# The answers of functions that fail, and the messages.
FAILURES: list[tuple[dict[str, Any], str]] = [
    (
        {
            "errorType": "RuntimeError",
            "errorMessage": "boom\nhere",
            "stackTrace": [frame("<frozen importlib._bootstrap>", 1387), frame("/var/task/app.py", 10)],
        },
        "RuntimeError: boom here (/var/task/app.py, line 10)",
    ),
    (
        {"errorType": "Runtime.ImportModuleError", "errorMessage": "No module named 'nosuch'", "stackTrace": []},
        "Runtime.ImportModuleError: No module named 'nosuch'",
    ),
    (
        {"errorType": "Runtime.OutOfMemory", "errorMessage": "RequestId: 1-2 Error: Runtime exited with error: x"},
        "Runtime.OutOfMemory: Runtime exited with error: x",
    ),
]


@pytest.mark.parametrize(("error", "says"), FAILURES)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_the_function_raised_is_one_line(wrapped: bool, error: dict[str, Any], says: str) -> None:
    """The error and its place, without the stack, also of one that comes before the first call."""
    text = json.dumps({"message": json.dumps(error)} if wrapped else error)
    with serving(502, text=text) as (url, asked), pytest.raises(HarnessError) as raised:
        fetch(url)
    assert str(raised.value) == f"{url} answered 502: the function failed: {says}"
    assert len(asked) == 1
