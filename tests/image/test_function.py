"""The shipped image with a small server of the Lambda runtime API.

API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from docker import DockerClient

from image.containers import ANSWER_SECONDS, ARCHITECTURE, output, running

_API = "/2018-06-01/runtime"


class RuntimeApi(ThreadingHTTPServer):
    """Hands out the events of `events` and keeps what the runtime posts, as (path, body), in `posts`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        # None ends a waiting request, whose runtime is gone.
        self.events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.posts: queue.Queue[tuple[str, str]] = queue.Queue()
        self.requests = 0


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer `invocation/next` with the next event; like Lambda, keep the runtime waiting until there is one."""
        assert self.path == f"{_API}/invocation/next"
        event = None
        with suppress(queue.Empty):
            event = self.server.events.get(timeout=ANSWER_SECONDS)
        if event is None:
            self.close_connection = True
            return
        self.server.requests += 1
        self._answer(
            200,
            json.dumps(event).encode(),
            {
                # Lambda sends it with every event, and the runtime client breaks without it.
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": f"request-{self.server.requests}",
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 30) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:time",
            },
        )

    def do_POST(self) -> None:
        """Keep what the runtime reports."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.posts.put((self.path, body))
        self._answer(202, b'{"status": "OK"}', {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Suppress the log."""


@pytest.fixture
def runtime_api() -> Iterator[RuntimeApi]:
    """A runtime API on a free port of this machine."""
    with RuntimeApi() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.events.put(None)
        server.shutdown()
        thread.join()


def test_function_serves_the_runtime_api(client: DockerClient, function_image: str, runtime_api: RuntimeApi) -> None:
    """The shipped image takes event after event from the runtime API and posts each answer under its request id."""
    with running(
        client,
        function_image,
        network_mode="host",
        read_only=True,
        cap_drop=["ALL"],
        environment={"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{runtime_api.server_port}"},
    ) as container:
        for number in (1, 2):
            before = int(time.time())
            runtime_api.events.put({"httpMethod": "GET", "path": "/time"})
            try:
                path, body = runtime_api.posts.get(timeout=ANSWER_SECONDS)
            except queue.Empty:
                pytest.fail(f"no answer; the container says {container.logs().decode()}")
            assert path == f"{_API}/invocation/request-{number}/response"
            answer = json.loads(body)
            assert answer["statusCode"] == 200
            assert before <= json.loads(answer["body"])["The current epoch time"] <= time.time()


def test_process_is_not_root(client: DockerClient, function_image: str) -> None:
    """The function runs as distroless's user nonroot, 65532, in its group."""
    assert output(client, function_image, "import os; print(os.getuid(), os.getgid())").split() == ["65532", "65532"]


def test_python_is_the_one_that_the_wheels_are_for(client: DockerClient, function_image: str) -> None:
    """Python 3.13 of the shipped architecture imports the compiled parts of the runtime client."""
    program = "import platform, runtime_client, simplejson._speedups as _; print(*platform.python_version_tuple()[:2],"
    machine = {"arm64": "aarch64", "amd64": "x86_64"}[ARCHITECTURE]
    assert output(client, function_image, f"{program} platform.machine())").split() == ["3", "13", machine]
