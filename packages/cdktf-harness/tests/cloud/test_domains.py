"""A custom domain leads to the routes of its API, whoever asks, and to nothing else of the embedded cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Running, add_route, refused
from .test_attacks import Request

DOMAIN, BASED = "api.example.test", "based.example.test"
SQS = {"X-Amz-Target": "AmazonSQS.ListQueues"}


@pytest.fixture(scope="module")
def apis(running: Running) -> Iterator[dict[str, str]]:
    """The ids of an API that both domains lead to, one with a base path, and of another, by name."""
    gateway, ids = running.client("apigateway"), {}
    for name in ("led-to", "other"):
        made = gateway.create_rest_api(name=name)
        ids[name] = api = made["id"]
        for part in ("time", "health", "login"):
            add_route(gateway, api, made["rootResourceId"], part, json.dumps({"route": part, "of": name}))
        for stage in ("v1", "v1-internal"):
            gateway.create_deployment(restApiId=api, stageName=stage)
    domains = running.client("apigatewayv2")
    for domain, base in ((DOMAIN, ""), (BASED, "shop")):
        domains.create_domain_name(DomainName=domain)
        domains.create_api_mapping(DomainName=domain, ApiId=ids["led-to"], Stage="v1", ApiMappingKey=base)
    yield ids
    for domain in (DOMAIN, BASED):
        domains.delete_domain_name(DomainName=domain)
    for api in ids.values():
        gateway.delete_rest_api(restApiId=api)


@pytest.mark.parametrize("host", [DOMAIN, "API.Example.test", f"{DOMAIN}:{{port}}"])
def test_the_routes_of_the_api_are_served(running: Running, apis: dict[str, str], host: str) -> None:
    """Also those whose paths are the embedded cloud's own at its other hosts."""
    named = host.format(port=running.process.port)
    for part in ("time", "health", "login"):
        answer = running.ask("GET", f"/{part}", Host=named, Origin="https://evil.example")
        assert (answer.status, json.loads(answer.body)) == (200, {"route": part, "of": "led-to"})
    assert running.ask("GET", "/shop/time", Host=BASED).status == 200


ATTACKS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/restapis/{other}/v1/_user_request_/time", {}),
    ("GET", "/_aws/execute-api/{other}/v1/time", {}),
    ("GET", "/../../{other}/v1/time", {}),
    ("GET", "/%2e%2e/%2e%2e/{other}/v1/time", {}),
    ("GET", "//_aws/execute-api/{other}/v1/time", {}),
    ("GET", "/restapis", {}),
    ("POST", "/", SQS),
    ("POST", "/?Action=ListUsers", {}),
    ("GET", "/2015-03-31/functions/", {}),
    ("POST", "/_ministack/reset", {}),
    ("GET", "/_localstack/health", {}),
    ("GET", "/v2/", {}),
    ("POST", "/v1/@connections/1", {}),
    ("GET", "/bucket/key", {}),
    ("GET", "-internal/time", {}),
]


@pytest.mark.parametrize(("method", "path", "headers"), ATTACKS)
def test_nothing_else_is_reached(
    running: Running, apis: dict[str, str], method: str, path: str, headers: dict[str, str]
) -> None:
    """Neither without a signature nor with one: the API answers that it has no such route."""
    request = Request(method, path.format(other=apis["other"]), [*{"Host": DOMAIN, **headers}.items()])
    for sent in (request, request.signed(running, "sqs")):
        answer = sent.sent(running)
        assert answer.status in (403, 404)
        assert json.loads(answer.body)["message"] in ("Missing Authentication Token", "Forbidden")


def test_a_path_that_leads_to_no_api_is_forbidden(running: Running, apis: dict[str, str]) -> None:
    """Of a domain with a base path, as on AWS."""
    for path in ("/time", "/shopping/time", "/", "/_ministack/reset"):
        assert refused(running.ask("GET", path, Host=BASED)) == "Forbidden"


@pytest.mark.parametrize(
    "host", ["example.test", f"a.{DOMAIN}", f"{DOMAIN}.evil.example", f"{DOMAIN}:1", f"{DOMAIN}.", f"x@{DOMAIN}"]
)
def test_another_name_is_refused(running: Running, apis: dict[str, str], host: str) -> None:
    """Only names of deployed domains are let in, on the port of the cloud."""
    assert "is not this cloud's host" in refused(running.ask("GET", "/time", Host=host))


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "host.docker.internal", "sts.eu-central-1.amazonaws.com", "localhost", "sqs.localhost"]
)
def test_a_domain_takes_no_name_of_the_cloud(running: Running, apis: dict[str, str], name: str) -> None:
    """Whoever has credentials, such as a function, does not get the calls of others."""
    domains: Any = running.client("apigatewayv2")
    domains.create_domain_name(DomainName=name)
    domains.create_api_mapping(DomainName=name, ApiId=apis["led-to"], Stage="v1")
    answer = running.ask("GET", "/time", Host=f"{name}:{running.process.port}")
    domains.delete_domain_name(DomainName=name)
    assert answer.status == 403
    assert "led-to" not in answer.text
