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


def test_an_error_that_passes_is_waited_for() -> None:
    """A function that is still starting answers in the end."""
    with serving(502, 200) as (url, asked):
        assert fetch(url) == "hello"
    assert asked == ["/time", "/time"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_in_the_embedded_cloud_is_final(status: int) -> None:
    """The embedded cloud has no propagation delay: an API with keys refuses at once."""
    with serving(status) as (url, asked), pytest.raises(HarnessError, match=f"^{url} answered {status}: hello$"):
        fetch(url)
    assert asked == ["/time"]


def test_the_functions_own_error_is_final() -> None:
    """A timeout may be that of a cold start; an exception repeats."""
    with serving(502, 200, text='{"errorType": "Sandbox.Timedout"}') as (url, asked):
        fetch(url)
    assert len(asked) == 2
    with serving(502, text='{"errorType": "KeyError"}') as (url, asked), pytest.raises(HarnessError, match="KeyError"):
        fetch(url)
    assert len(asked) == 1


def test_an_answer_that_api_gateway_does_not_take_is_final() -> None:
    """A function that returns `5` does so at every request; the error says what it should return."""
    text = '{"message": "Internal server error"}'
    with (
        serving(502, text=text) as (url, asked),
        pytest.raises(HarnessError, match="let the function return"),
    ):
        fetch(url)
    assert len(asked) == 1


def test_an_engine_that_has_gone_is_not_the_function_s_fault() -> None:
    """A rollback would not help."""
    text = '{"message": "{\\"errorType\\": \\"Runtime.DockerError\\", \\"errorMessage\\": \\"gone\\"}"}'
    with serving(502, text=text) as (url, asked), pytest.raises(EngineGone, match="the Docker engine, which runs"):
        fetch(url)
    assert len(asked) == 1


def frame(file: str, line: int) -> str:
    """A line of a stack as awslambdaric 4.2.2 writes it."""
    return f'  File "{file}", line {line}, in <module>\n    raise error\n'


# What functions answer that fail, and what is said.
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
        {
            "errorType": "Runtime.OutOfMemory",
            "errorMessage": "RequestId: 1-2 Error: Runtime exited with error: signal: killed",
        },
        "Runtime.OutOfMemory: Runtime exited with error: signal: killed",
    ),
]


@pytest.mark.parametrize(("error", "says"), FAILURES)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_the_function_raised_is_one_line(wrapped: bool, error: dict[str, Any], says: str) -> None:
    """The error and its place, without the stack; ministack 1.5.33 wraps an error that comes before the first call."""
    text = json.dumps({"message": json.dumps(error)} if wrapped else error)
    with serving(502, text=text) as (url, asked), pytest.raises(HarnessError) as raised:
        fetch(url)
    assert str(raised.value) == f"{url} answered 502: the function failed: {says}"
    assert len(asked) == 1
