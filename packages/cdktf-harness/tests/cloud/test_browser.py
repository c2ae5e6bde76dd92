"""A real browser shows a page that tries to get at the embedded cloud in all the ways that pages have."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from cdktf_harness.docker import machine
from cdktf_harness.project.processes import Process

from .conftest import Running

SECONDS = 120
PAGE = (Path(__file__).parent / "hostile.html").read_text()
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage"),
    # A name that its owner points to this machine.
    "--host-resolver-rules=MAP evil.example 127.0.0.1",
)
Report = dict[str, str]


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser of this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and machine.can_install():
        machine.install("chromium")
        found = shutil.which("chromium")
    if found is None:
        pytest.fail(f"there is no Chromium: install the package `chromium`, or {machine.how_to_install()}")
    return found


@pytest.fixture
def api(running: Running) -> Iterator[str]:
    """The URL of a deployed API that lets pages of all origins read its answers."""
    gateway = running.client("apigateway")
    made = gateway.create_rest_api(name="open")
    method: dict[str, Any] = {"restApiId": made["id"], "resourceId": made["rootResourceId"], "httpMethod": "GET"}
    header = "method.response.header.Access-Control-Allow-Origin"
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_method_response(**method, statusCode="200", responseParameters={header: False})
    gateway.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_integration_response(
        **method,
        statusCode="200",
        responseParameters={header: "'*'"},
        responseTemplates={"application/json": "public"},
    )
    gateway.create_deployment(restApiId=made["id"], stageName="s")
    yield f"{running.process.url}/restapis/{made['id']}/s/_user_request_/"
    gateway.delete_rest_api(restApiId=made["id"])


class Site:
    """A server of the page, at `localhost` and at a name of somebody else's, both on this machine."""

    def __init__(self, clouds: list[str], api: str) -> None:
        outer = self
        self.reports: Queue[tuple[str, Report]] = Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site = str(self.headers["Host"]).startswith("localhost")
                config = {"clouds": clouds, "api": api, "inner": f"http://evil.example:{outer.port}/" if site else ""}
                self._answer(PAGE.replace("CONFIG", json.dumps(config)).encode())

            def do_POST(self) -> None:
                got = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.reports.put((str(self.headers["Host"]).partition(":")[0], got))
                self._answer(b"")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def test_a_page_reads_and_changes_nothing(running: Running, api: str, browser: str, tmp_path: Path) -> None:
    """Neither one of another port on this machine, nor one of a stranger who points a name here; both may call APIs."""
    port = running.host.partition(":")[2]
    sqs = running.client("sqs")
    own = sqs.create_queue(QueueName="own")["QueueUrl"]
    logged = running.process.log.stat().st_size
    site = Site([f"http://{host}:{port}" for host in ("localhost", "127.0.0.1", "evil.example")], api)
    command = [browser, *FLAGS, f"--user-data-dir={tmp_path}", f"http://localhost:{site.port}/"]
    with (tmp_path / "browser.log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        got = dict(site.reports.get(timeout=SECONDS) for _ in range(2))
    finally:
        if child.poll() is None:
            Process.of(child.pid).stop(signal.SIGTERM, seconds=10)
        child.wait()
        site.close()
    assert set(got) == {"localhost", "evil.example"}
    for report in got.values():
        assert report.pop("api") == "200 public"
        assert len(report) == 36
        assert {what for what, value in report.items() if value != "nothing"} == set()
    assert sqs.list_queues()["QueueUrls"] == [own]
    assert running.client("s3").list_buckets()["Buckets"] == []
    sqs.delete_queue(QueueUrl=own)
    # It did try: each page at both names of the cloud, and at its own.
    refused = running.process.log.read_bytes()[logged:].decode().count("refused: ")
    assert refused >= 2 * 3 * 10
