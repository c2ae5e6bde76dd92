"""What a client of the deployed API sees, and what its logs have of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import Any

import pytest

from cdktf_harness.docker import host
from cdktf_harness.pytest_plugin import Deployed
from e2e.conftest import LIMIT
from e2e.contents import is_monitored, logged
from terraform_standins.waiting import poll

LOG_SECONDS = 120


def test_curl_gets_the_time(unchanged: Deployed) -> None:
    """The smoke test that a user types: `curl URL` prints the epoch time and ends well."""
    if not shutil.which("curl"):
        host.install("curl")
    command = ["curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--retry", "5", unchanged.url]
    before = int(time.time())
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ["The current epoch time"]
    assert before <= answer["The current epoch time"] <= time.time()


def test_other_routes_do_not_answer(unchanged: Deployed) -> None:
    """Only the declared method of the declared path reaches the function; both answers are declared as JSON."""
    answer = unchanged.http.get()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    answer = unchanged.http.request("POST")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"message": "Not found", "requestId": answer.headers["x-amzn-requestid"]}


@pytest.mark.embedded
def test_too_many_requests_are_refused(unchanged: Deployed) -> None:
    """The stage has the limits of the settings; above its limits, the API answers 429."""
    gateway = unchanged.cloud.client("apigateway")
    stage = {"restApiId": unchanged.url.split("/")[4], "stageName": "dev"}
    limits = gateway.get_stage(**stage)["methodSettings"]["*/*"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (LIMIT, LIMIT)

    def limit(requests: int) -> None:
        paths = [f"/*/*/throttling/{kind}Limit" for kind in ("rate", "burst")]
        changes = [{"op": "replace", "path": path, "value": str(requests)} for path in paths]
        gateway.update_stage(**stage, patchOperations=changes)

    # A machine under load cannot send more than any other limit.
    limit(0)
    try:
        answer = unchanged.http.get()
    finally:
        limit(LIMIT)
    assert (answer.status, answer.json()["message"]) == (429, "Too many requests")


def test_a_request_is_in_both_logs(unchanged: Deployed) -> None:
    """One line of the access log has the request, and one of the function's lines the same id."""
    if not is_monitored(unchanged):
        pytest.skip("set ONTRA_MONITORING=true if API Gateway may write logs in the account")
    unchanged.answer()
    name = unchanged.outputs["api"]["function_name"]

    def answered() -> list[dict[str, Any]]:
        return [line for line in logged(unchanged, f"/aws/apigateway/{name}") if line["status"] == "200"]

    access = poll(answered, LOG_SECONDS, every=1)[-1]
    path = f"/{unchanged.target.project.stage}/time"
    assert (access["method"], access["path"], access["error"]) == ("GET", path, "-")
    assert int(access["latency"]) >= int(access["integrationLatency"])

    def of_this_request() -> list[dict[str, Any]]:
        found = logged(unchanged, f"/aws/lambda/{name}")
        return [line for line in found if line.get("requestId") == access["functionRequestId"] and "level" in line]

    (line,) = poll(of_this_request, LOG_SECONDS, every=1)
    assert (line["level"], line["message"]) == ("INFO", "request")
    # The first request of each container.
    assert any(line.get("cold_start") for line in logged(unchanged, f"/aws/lambda/{name}"))
