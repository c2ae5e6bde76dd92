"""Requests that no client of a deployed API sends: each is answered, and never with a fault of the cloud's own."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdktf_harness.cloud.embedded import EmbeddedCloud

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND", "X" * 50)
PATHS = (
    *("/time", "/time/", "//time", "/TIME", "/time?x=1", "/time?%ff", "/%74ime", "/../time", "/time/..", "/time%00"),
    *("", "/", "/%", "/time;x", "/time#x", "/%2e%2e/%2e%2e", "/" + "a" * 5000),
)
HEADERS: tuple[tuple[str, str], ...] = (
    ("X-Odd", "\xff"),
    ("Cookie", "a" * 6000),
    ("Content-Type", "\x01"),
    ("Content-Encoding", "gzip"),
    ("Accept", "%"),
    ("Expect", "100-continue"),
    ("X-Amz-Target", "Logs_20140328.CreateLogGroup"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request"),
    ("Host", "elsewhere.example"),
    ("Upgrade", "websocket"),
    ("Range", "bytes=5-1"),
)
BODIES = (b"", b"{", b"\xff" * 100, b"Action=CreateUser", b"a" * 100_000)
URL_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=30)


@pytest.fixture(scope="module")
def api(cloud: EmbeddedCloud) -> str:
    """The URL of an API that answers GET /time by itself."""
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name="odd")["id"]
    (root,) = gateway.get_resources(restApiId=api)["items"]
    resource = gateway.create_resource(restApiId=api, parentId=root["id"], pathPart="time")["id"]
    method: dict[str, Any] = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**method, statusCode="200")
    gateway.put_integration_response(**method, statusCode="200", responseTemplates={"application/json": "{}"})
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"{cloud.url}/restapis/{api}/prod/_user_request_"


@settings(max_examples=80)
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS) | URL_TEXT.map("/{}".format),
    headers=st.lists(st.sampled_from(HEADERS), max_size=3, unique_by=lambda header: header[0]),
    body=st.sampled_from(BODIES) | st.binary(max_size=20),
)
def test_any_request_is_answered(api: str, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """With a status that says that the client is wrong, or right."""
    url = urlsplit(api)
    assert url.hostname
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=60)
    connection.putrequest(method, url.path + path, skip_host="Host" in dict(headers))
    for name, value in (*headers, ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status < 500
    assert b"Traceback" not in text
    if (method, path, headers) == ("GET", "/time", []):
        assert answer.status == 200
