"""A cloud as users have it, and what is sent to it."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cdktf_harness.cloud.process import HOST, Cloud


@dataclass(frozen=True)
class Answer:
    """What came back, with the headers' names in lower case."""

    status: int
    headers: dict[str, str]
    body: str

    def refusal(self) -> str:
        """What a refusal says; no page may read it."""
        assert self.status == 403
        assert not [name for name in self.headers if name.startswith("access-control-")]
        return str(json.loads(self.body)["message"])


@dataclass(frozen=True)
class Running:
    """A cloud, and requests to it that no client of AWS's sends."""

    process: Cloud

    @property
    def host(self) -> str:
        """Its host and port."""
        return self.process.registry

    def ask(self, method: str, path: str, *, body: str = "", **headers: str) -> Answer:
        """Send a request as it is; `_` in the names of headers stands for `-`."""
        connection = http.client.HTTPConnection(HOST, int(self.host.partition(":")[2]), timeout=60)
        try:
            sent = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read().decode())
        finally:
            connection.close()

    def send(self, request: urllib.request.Request) -> Answer:
        """Send a request that was made for this cloud."""
        names = {name.replace("-", "_"): value for name, value in request.header_items()}
        body = request.data.decode() if isinstance(request.data, bytes) else ""
        return self.ask(request.get_method(), request.selector, body=body, **names)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client; with the deployment's credentials where `options` have no others."""
        import boto3

        keys = {name.lower(): value for name, value in self.process.credentials.environment.items()}
        return boto3.client(
            service, **{"endpoint_url": self.process.url, "region_name": "eu-central-1", **keys, **options}
        )


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cloud that runs as users' do; what is made in it has to go."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield Running(cloud)
    cloud.stop()
