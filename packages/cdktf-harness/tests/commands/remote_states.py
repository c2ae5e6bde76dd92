"""An app with remote backends, and a server for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from http_server import Request, Response, serving

from .conftest import write

# Each has another kind of backend; the second reads the state of the first.
APP = """
import os

elsewhere = os.environ["ELSEWHERE"]
state = {"address": elsewhere + "/state", "username": "u", "password": "p"}
s3 = {"bucket": "states", "key": "second", "region": "eu-central-1", "endpoint": elsewhere, "profile": "real"}
workspace = {"organization": "o", "hostname": "app.terraform.io", "workspaces": {"name": "third"}}
account = {"profile": "real", "access_key": "AKIAREAL", "secret_key": "real"}
copy = {"name": "${data.terraform_remote_state.first.outputs.made}", "retention_in_days": 7}
synth({
    "first": {
        "terraform": {"backend": {"http": {**state, "lock_address": elsewhere + "/state"}}},
        "resource": {"terraform_data": {"made": {"input": "one"}}},
        "output": {"made": {"value": "${terraform_data.made.output}"}},
    },
    "second": {
        "terraform": {
            "backend": {"s3": {**s3, "use_lockfile": True}},
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}},
        },
        "provider": {"aws": [{"region": "eu-central-1", **account}]},
        "data": {"terraform_remote_state": {"first": {"backend": "http", "config": state}}},
        "resource": {"aws_cloudwatch_log_group": {"copy": copy}},
    },
    "third": {
        "terraform": {"cloud": workspace},
        "resource": {"terraform_data": {"other": {"input": "three"}}},
    },
}, {"second": ["first"]})
"""


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server that accepts any request; yield its URL and the requests: method, path and headers."""
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(f"{request.method} {request.path}\n{request.headers}")
        return Response(b"{}")

    with serving(respond) as port:
        yield f"http://127.0.0.1:{port}", asked


def write_app(root: Path) -> None:
    """Make the app in the folder `root`."""
    write(root, APP, "first", "second", "third")
