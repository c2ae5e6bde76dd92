"""An embedded cloud with the settings of a user's, and requests to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdktf_harness.cloud import HOST, Cloud
from cdktf_harness.system.http import Answer

Route = dict[str, Any]
"""The arguments of API Gateway's calls for a method."""


def refused(answer: Answer) -> str:
    """Return the message of a refusal, which no page may read."""
    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    return str(json.loads(answer.body)["message"])


def refusal(client: Any, operation: str, **arguments: Any) -> str:
    """The message of a refused call, parsed by boto3."""
    with pytest.raises(ClientError) as raised:
        getattr(client, operation)(**arguments)
    error = raised.value.response["Error"]
    assert error["Code"] in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
    return str(error.get("Message"))


def add_route(client: Any, api: str, parent: str, part: str = "", text: str = "", status: int = 200) -> Route:
    """Let GET of a path answer `text`; return the arguments of API Gateway's calls for the method."""
    resource = client.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"] if part else parent
    method = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    templates = {"application/json": json.dumps({"statusCode": status})}
    client.put_integration(**method, type="MOCK", requestTemplates=templates)
    client.put_method_response(**method, statusCode=str(status))
    answer(client, method, text, status)
    return method


def answer(client: Any, route: Route, text: str, status: int = 200) -> None:
    """Let a route answer `text`, from the next deployment on."""
    templates = {"application/json": text}
    client.put_integration_response(**route, statusCode=str(status), responseTemplates=templates)


def rest_api(client: Any) -> tuple[Route, str]:
    """Create an API with a stage `s`; return its route, which answers `old`, and the id of its deployment."""
    api = client.create_rest_api(name="snapshots")
    route = add_route(client, api["id"], api["rootResourceId"], text="old")
    return route, client.create_deployment(restApiId=api["id"], stageName="s")["id"]


@dataclass(frozen=True)
class Running:
    """A cloud, and requests to it that no AWS client sends."""

    process: Cloud

    @property
    def host(self) -> str:
        """Its host and port."""
        return self.process.registry

    def ask(self, method: str, path: str, *, body: str = "", **headers: str) -> Answer:
        """Send a request as it is; `_` in the names of headers stands for `-`."""
        named = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.send(method, path, list(named.items()), body.encode())

    def send(self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Answer:
        """Send a request with exactly these headers, which may be repeated, and the length of its body."""
        connection = http.client.HTTPConnection(HOST, self.process.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (*headers, *([("Content-Length", str(len(body)))] if body else [])):
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client; with the deployment's credentials where `options` have no others."""
        return self.process.client(service, **options)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cloud with the settings of a user's; each test removes what it creates."""
    with Cloud(tmp_path_factory.mktemp("cloud"), "eu-central-1").start() as cloud:
        yield Running(cloud)
