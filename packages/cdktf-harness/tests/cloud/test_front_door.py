"""Without credentials, a client such as a page has access to deployed APIs and the health check only."""

from __future__ import annotations

import json

import pytest

from .conftest import Running, refused

EVIL = "https://evil.example"


def test_its_health_is_open(running: Running) -> None:
    """To programs on this machine, which wait for it; it has the services that are served."""
    answer = running.ask("GET", "/_localstack/health")
    assert answer.status == 200
    services = json.loads(answer.text)["services"]
    assert ("lambda" in services, "athena" in services) == (True, False)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": EVIL}, {"Origin": "null"}, {"Origin": "http://localhost:3000"}, {"Sec_Fetch_Site": "same-site"}],
)
@pytest.mark.parametrize("path", ["/", "/_localstack/health", "/restapis", "/v2/", "/?Action=ListUsers"])
def test_a_page_of_another_origin_is_refused(running: Running, path: str, headers: dict[str, str]) -> None:
    """For any path; `localhost` on another port is another origin."""
    assert "a web page of another origin" in refused(running.ask("GET", path, **headers))


def test_a_preflight_is_refused(running: Running) -> None:
    """AWS's own APIs are not for pages of any origin."""
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "x-amz-target"}
    refused(running.ask("OPTIONS", "/", Origin=EVIL, **asked))
    assert "preflight" in refused(running.ask("OPTIONS", "/", Origin=running.process.url, **asked))


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:{port}", "localhost:1", "localhost", "{port}.127.0.0.1"),
        "sts.eu-central-1.amazonaws.com",
    ],
)
def test_another_host_is_refused(running: Running, host: str) -> None:
    """With DNS rebinding a page's requests are same-origin; the Host header reveals it."""
    name = host.format(port=running.host.partition(":")[2])
    assert "is not this cloud's host" in refused(running.ask("GET", "/_localstack/health", Host=name))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/config"),
        ("POST", "/_ministack/reset"),
        ("POST", "/%5fministack/reset"),
        ("GET", "/_ministack/lambda-code/000000000000/us-east-1/f"),
        ("POST", "/_ministack/rds/iam-auth"),
        ("GET", "/_localstack/info"),
        ("GET", "/_aws/ses/messages"),
        ("GET", "/_alb/balancer/path"),
    ],
)
def test_administration_is_closed(running: Running, method: str, path: str) -> None:
    """At any of its hosts."""
    for host in (running.host, f"00000000.execute-api.{running.host}", f"bucket.{running.host}"):
        assert "is closed" in refused(running.ask(method, path, Host=host))


def test_an_api_that_is_not_there_is_not_found(running: Running) -> None:
    """Deployed APIs are open to pages of any origin, as on AWS: their own CORS settings decide."""
    for path in ("/restapis/none/prod/_user_request_/.well-known/jwks.json", "/_aws/execute-api/none/prod/"):
        assert running.ask("GET", path, Origin=EVIL).status == 404
        assert running.ask("OPTIONS", path, Origin=EVIL, Access_Control_Request_Method="POST").status == 404


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/bucket/key", {}),
        ("GET", "/", {"Host": "bucket.{host}"}),
        ("POST", "/", {"X_Amz_Target": "AmazonSQS.ListQueues"}),
        ("POST", "/?Action=ListUsers", {}),
        ("POST", "/", {"Content_Type": "application/x-www-form-urlencoded"}),
        ("GET", "/2015-03-31/functions/", {}),
        ("GET", "/restapis", {}),
        # ministack looks at these before it looks at the host.
        ("POST", "/Execute", {"Host": "00000000.execute-api.{host}"}),
        ("GET", "/v20180820/bucket/b", {"Host": "00000000.execute-api.{host}"}),
        ("POST", "/oauth2/token", {"Host": "00000000.execute-api.{host}"}),
        ("GET", "/iceberg/v1/config", {"Host": "00000000.execute-api.{host}"}),
        ("POST", "/v2/email/outbound-emails", {}),
        ("POST", "/stage/@connections/1", {"Host": "00000000.execute-api.{host}"}),
        ("GET", "/latest/meta-data/", {}),
        ("GET", "/health", {}),
    ],
)
def test_a_call_that_is_not_signed_is_refused(
    running: Running, method: str, path: str, headers: dict[str, str]
) -> None:
    """For any service, and for each way in which ministack identifies the service."""
    sent = {name: value.format(host=running.host) for name, value in headers.items()}
    answer = running.ask(method, path, body="Action=RunInstances" if method == "POST" else "", **sent)
    assert answer.status == 403
    assert "it is not signed; the embedded cloud takes calls with its own credentials only" in answer.text
