"""Breakpoints in the function behind the real route, with a real client of the Debug Adapter Protocol."""

from __future__ import annotations

import gc
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from cdktf_harness.cloud import debugging
from cdktf_harness.deployment.local.debugger_proxy import Debugging
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed
from checkout import PROJECT
from e2e.dap import Client

pytestmark = pytest.mark.embedded

APP = PROJECT / "lambda_image" / "app.py"
# The line of the handler that makes the answer.
LINE = next(number for number, line in enumerate(APP.read_text().splitlines(), 1) if '"body"' in line)


@pytest.fixture
def port(unchanged: Deployed, docker_engine: Engine) -> Iterator[int]:
    """The port to attach to."""
    cloud = unchanged.local.cloud
    proxy = Debugging(docker_engine.client, cloud, print)
    with debugging(cloud.folder, wait=True), proxy.listening(0) as port:
        yield port
    # Python 3.13 reports here what was left open, and not in a later test.
    gc.collect()


def test_a_breakpoint_is_hit_behind_the_route(unchanged: Deployed, port: int) -> None:
    """`GET /time` stops in the handler, its variables are read, and `continue` gives the answer.

    The function waits for the client, and the client for the function, whoever comes first. It has more than its own
    time-out. A second request waits for its turn, and stops at the same place.
    """
    with ThreadPoolExecutor() as pool, closing(Client(port)) as client:
        answers = [pool.submit(unchanged.answer) for _ in range(2)]
        client.attach(local=str(APP.parent), remote="/var/task", breakpoints={APP: [LINE]})
        for _ in answers:
            thread = client.event("stopped")["threadId"]
            top = client.ask("stackTrace", threadId=thread)["stackFrames"][0]
            assert (top["name"], top["line"], top["source"]["path"]) == ("handler", LINE, str(APP))
            value = client.ask("evaluate", frameId=top["id"], expression="event['path']")["result"]
            assert value == "'/time'"
            left = client.ask("evaluate", frameId=top["id"], expression="context.get_remaining_time_in_millis()")
            assert int(left["result"]) > 60_000
            client.ask("continue", threadId=thread)
        for answer in answers:
            assert list(json.loads(answer.result())) == ["The current epoch time"]


def test_a_web_page_cannot_attach(port: int) -> None:
    """A request of a browser, whose body is a message of the protocol, is not passed on: the connection is closed."""
    body = json.dumps({"seq": 1, "type": "request", "command": "initialize", "arguments": {"adapterID": "debugpy"}})
    with socket.create_connection(("127.0.0.1", port), timeout=60) as page:
        # In one piece: after its first bytes, the connection may be closed at any moment.
        page.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        with suppress(ConnectionResetError):
            assert page.recv(1) == b""
