"""A real browser shows a page that tries to reach the embedded cloud in every way that a page has."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

import pytest
from http_server import Request, Response, serving

from cdktf_harness.docker import host
from cdktf_harness.system.processes import Process

from .conftest import Running, add_route

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
    if found is None and host.can_install():
        host.install("chromium")
        found = shutil.which("chromium")
    if found is None:
        pytest.fail(f"there is no Chromium: install the package `chromium`, or {host.how_to_install()}")
    return found


@pytest.fixture
def api(running: Running) -> Iterator[str]:
    """The URL of a deployed API that lets pages of all origins read its answers."""
    gateway = running.client("apigateway")
    made = gateway.create_rest_api(name="open")
    method = add_route(gateway, made["id"], made["rootResourceId"])
    header = "method.response.header.Access-Control-Allow-Origin"
    change = {"op": "add", "path": f"/responseParameters/{header}", "value": "false"}
    gateway.update_method_response(**method, statusCode="200", patchOperations=[change])
    answer = {"responseParameters": {header: "'*'"}, "responseTemplates": {"application/json": "public"}}
    gateway.put_integration_response(**method, statusCode="200", **answer)
    gateway.create_deployment(restApiId=made["id"], stageName="s")
    yield f"{running.process.url}/restapis/{made['id']}/s/_user_request_/"
    gateway.delete_rest_api(restApiId=made["id"])


@contextmanager
def site(clouds: list[str], api: str) -> Iterator[tuple[int, Queue[tuple[str, Report]]]]:
    """Serve the page at `localhost` and at a foreign name that resolves to this machine; yield port and reports."""
    reports: Queue[tuple[str, Report]] = Queue()

    def respond(request: Request) -> Response:
        host, _, port = str(request.headers["Host"]).partition(":")
        if request.method == "POST":
            reports.put((host, json.loads(request.body)))
            return Response()
        config = {"clouds": clouds, "api": api, "inner": f"http://evil.example:{port}/" if host == "localhost" else ""}
        page = PAGE.replace("CONFIG", json.dumps(config)).encode()
        return Response(page, headers={"Content-Type": "text/html; charset=utf-8"})

    with serving(respond) as port:
        yield port, reports


def test_a_page_reads_and_changes_nothing(running: Running, api: str, browser: str, tmp_path: Path) -> None:
    """Neither a page of another port on this machine nor one with DNS rebinding; both may call deployed APIs."""
    port = running.host.partition(":")[2]
    sqs = running.client("sqs")
    own = sqs.create_queue(QueueName="own")["QueueUrl"]
    logged = running.process.log.stat().st_size
    clouds = [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1", "evil.example")]
    with (
        site(clouds, api) as (page, reports),
        (tmp_path / "browser.log").open("wb") as log,
        # Its temporary files stay, and the path of its socket must be short.
        TemporaryDirectory(ignore_cleanup_errors=True) as temporary,
    ):
        command = [browser, *FLAGS, f"--user-data-dir={tmp_path}", f"http://localhost:{page}/"]
        env = {**os.environ, "TMPDIR": temporary}
        child = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            got = dict(reports.get(timeout=SECONDS) for _ in range(2))
        finally:
            if child.poll() is None:
                Process.of(child.pid).stop(signal.SIGTERM, seconds=10)
            child.wait()
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
