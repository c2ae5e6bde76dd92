"""What a stranger gets from the embedded cloud: nothing but deployed APIs, and whether it is up."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from cdktf_harness.cloud.process import HOST, Cloud

ECS = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters"}
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud that runs as users' do."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield cloud
    cloud.stop()


def ask(
    cloud: Cloud, method: str, path: str, *, body: str = "", **headers: str
) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and message of an answer."""
    port = int(cloud.registry.partition(":")[2])
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        names = {"Host": cloud.registry, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body=body, headers=names)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def refused(answer: tuple[int, dict[str, str], dict[str, Any]]) -> str:
    """What a refusal says; no page may read it."""
    status, headers, content = answer
    assert status == 403
    assert not [name for name in headers if name.lower().startswith("access-control-")]
    return str(content["message"])


def test_its_health_is_open(cloud: Cloud) -> None:
    """To programs on this machine, which wait for it."""
    assert ask(cloud, "GET", "/_localstack/health")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": EVIL}, {"Origin": "null"}, {"Origin": "http://localhost:3000"}, {"Sec_Fetch_Site": "same-site"}],
)
@pytest.mark.parametrize("path", ["/", "/_localstack/health", "/restapis", "/v2/", "/?Action=ListUsers"])
def test_a_page_of_another_origin_is_refused(cloud: Cloud, path: str, headers: dict[str, str]) -> None:
    """Whatever it asks for; `localhost` on another port is another origin."""
    assert "a web page of another origin" in refused(ask(cloud, "GET", path, **headers))


def test_a_preflight_is_refused(cloud: Cloud) -> None:
    """Nothing of AWS's own APIs is for pages, of whatever origin."""
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "x-amz-target"}
    refused(ask(cloud, "OPTIONS", "/", Origin=EVIL, **asked))
    assert "preflight" in refused(ask(cloud, "OPTIONS", "/", Origin=cloud.url, **asked))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost:1", "localhost", "{port}.127.0.0.1"]
)
def test_another_host_is_refused(cloud: Cloud, host: str) -> None:
    """A name that its owner points here (DNS rebinding) makes a page's requests same-origin; the name tells."""
    name = host.format(port=cloud.registry.partition(":")[2])
    assert "is not this cloud's host" in refused(ask(cloud, "GET", "/_localstack/health", Host=name))


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
def test_administration_is_closed(cloud: Cloud, method: str, path: str) -> None:
    """At any of its hosts."""
    for host in (cloud.registry, f"00000000.execute-api.{cloud.registry}", f"bucket.{cloud.registry}"):
        assert "is closed" in refused(ask(cloud, method, path, Host=host))


def test_an_api_that_is_not_there_is_not_found(cloud: Cloud) -> None:
    """Deployed APIs are open to pages of any origin, as on AWS: their own CORS settings decide."""
    for path in ("/restapis/none/prod/_user_request_/", "/_aws/execute-api/none/prod/"):
        assert ask(cloud, "GET", path, Origin=EVIL)[0] == 404
        assert ask(cloud, "OPTIONS", path, Origin=EVIL, Access_Control_Request_Method="POST")[0] == 404
