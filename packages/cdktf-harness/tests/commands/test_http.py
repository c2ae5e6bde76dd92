"""Retries of requests to a deployed URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import http_server
import pytest
from http_server import Request, Response

from cdktf_harness.deployment.http_probe import EngineGone, fetch, raised
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
        (502, '{"errorType": "KeyError", "errorMessage": "x"}', HarnessError, "502: the function failed: KeyError: x$"),
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


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            ("RuntimeError", "boom\nhere", ["<frozen>", "app.py"]),
            "RuntimeError: boom here (app.py, line 7)",
        ),
        (("Runtime.ImportModuleError", "No module named 'x'", []), "Runtime.ImportModuleError: No module named 'x'"),
        (("Runtime.OutOfMemory", "RequestId: 1-2 Error: Runtime exited", []), "Runtime.OutOfMemory: Runtime exited"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_the_function_raised_is_one_line(wrapped: bool, error: tuple[str, str, list[str]], says: str) -> None:
    """The error and its place, without the stack, also of one that comes before the first call."""
    kind, message, files = error
    # As awslambdaric 4.2.2 writes it.
    stack = [f'  File "{file}", line 7, in <module>\n    raise error\n' for file in files]
    text = json.dumps({"errorType": kind, "errorMessage": message, "stackTrace": stack})
    assert raised(json.dumps({"message": text}) if wrapped else text) == says
