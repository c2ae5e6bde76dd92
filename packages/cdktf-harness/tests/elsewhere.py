"""Functions of an embedded cloud that run nothing, or that a server in the process of a test answers for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from http_server import Request, Response, serving

from cdktf_harness.cloud.functions import FUNCTION_ELSEWHERE

EMPTY: dict[str, Any] = {
    "Role": "arn:aws:iam::000000000000:role/r",
    "Runtime": "python3.13",
    "Handler": "a.b",
    "Code": {"ZipFile": b"PK\5\6" + bytes(18)},
}
"""The arguments of CreateFunction for one with an empty archive."""


@contextmanager
def answering(functions: Any, name: str, respond: Callable[[Request], Response]) -> Iterator[str]:
    """Create a function whose invocations `respond` answers, and yield its ARN; `functions` is a client."""
    with serving(respond) as port:
        there = {"Variables": {FUNCTION_ELSEWHERE: f"http://127.0.0.1:{port}/"}}
        yield str(functions.create_function(FunctionName=name, **EMPTY, Environment=there)["FunctionArn"])
