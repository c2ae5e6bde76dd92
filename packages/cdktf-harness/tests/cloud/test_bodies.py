"""A body is read if its request is accepted, up to the size that AWS accepts, and only as it is signed."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth

from cdktf_harness.cloud import HOST

from .conftest import Running
from .test_attacks import Request

BUCKET = "bodies"
MIB = 1 << 20
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


@pytest.fixture(scope="module")
def bucket(running: Running) -> Iterator[str]:
    """An empty bucket."""
    s3 = running.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield BUCKET
    for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        s3.delete_object(Bucket=BUCKET, Key=found["Key"])
    s3.delete_bucket(Bucket=BUCKET)


def streamed(running: Running, payload: str) -> Request:
    """An upload whose body the headers announce in chunks."""
    headers = {"X-Amz-Content-SHA256": payload, "X-Amz-Decoded-Content-Length": "5", "Content-Encoding": "aws-chunked"}
    return Request("PUT", f"/{BUCKET}/streamed", [*headers.items()]).signed(running, "s3", SigV4Auth)


def test_a_streaming_upload_arrives(running: Running, bucket: str) -> None:
    """With a signature of each chunk, which the embedded cloud does not verify."""
    request = streamed(running, SIGNED)
    for content in (b"hello", b""):
        request.body += b"%x;chunk-signature=%064d\r\n%s\r\n" % (len(content), 0, content)
    assert request.sent(running).status == 200
    assert running.client("s3").get_object(Bucket=bucket, Key="streamed")["Body"].read() == b"hello"


def test_only_s3_accepts_a_body_that_is_not_signed(running: Running, bucket: str) -> None:
    """As AWS does, with or without a trailer."""
    request = streamed(running, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    request.body = b"5\r\nhello\r\n0\r\n\r\n"
    assert request.sent(running).status == 200
    assert running.client("s3").get_object(Bucket=bucket, Key="streamed")["Body"].read() == b"hello"
    other = Request("POST", "/", [("X-Amz-Content-SHA256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")], b"hello")
    assert "sqs does not accept" in other.signed(running, "sqs").sent(running).text


def memory_mib(running: Running) -> int:
    """The most memory that the cloud's process has used."""
    assert running.process.process
    status = Path(f"/proc/{running.process.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) >> 10


def talk(running: Running, head: str, megabytes: int = 0) -> str:
    """Send the head of a request, and up to so much of a body as the cloud accepts; return the answer."""
    with closing(socket.create_connection((HOST, running.process.port), timeout=60)) as connection:
        connection.sendall(f"{head}\r\nHost: {running.host}\r\n\r\n".encode())
        part = bytes(MIB)
        with suppress(ConnectionError):
            for _ in range(megabytes):
                connection.sendall(part)
        with suppress(ConnectionError):
            return connection.recv(1 << 16).decode(errors="replace")
    return ""


@pytest.mark.parametrize("path", ["/", "/bucket/key", "/v2/name/blobs/uploads/1", "/_aws/lambda-url/none/"])
def test_the_body_of_a_refused_request_is_not_kept(running: Running, path: str) -> None:
    """Anybody on this machine may send one; a form of 700 MB grew the process by more than twice that."""
    before = memory_mib(running)
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {700 * MIB}"
    assert re.match(r"HTTP/1.1 4(01|03|13) ", talk(running, head, 700) or "HTTP/1.1 413 closed")
    assert memory_mib(running) - before < 100


@pytest.mark.parametrize(
    ("service", "path", "mebibytes", "status"),
    [
        ("lambda", "/2015-03-31/functions", 50, 400),
        ("lambda", "/2015-03-31/functions", 70, 413),
        ("", "/restapis/none/prod/_user_request_/", 9, 404),
        ("", "/restapis/none/prod/_user_request_/", 11, 413),
        ("", "/_aws/lambda-url/none/", 7, 413),
    ],
)
def test_bodies_have_limits(running: Running, service: str, path: str, mebibytes: int, status: int) -> None:
    """By kind of request, with the length in a header or without."""
    request = Request("POST", path, [("Host", running.host)], b" " * (mebibytes * MIB))
    request = request.signed(running, service) if service else request
    assert request.sent(running).status == status


def test_the_body_of_a_chunked_request_is_counted(running: Running) -> None:
    """It announces no length."""
    head = "POST /restapis/none/prod/_user_request_/ HTTP/1.1\r\nTransfer-Encoding: chunked"
    with closing(socket.create_connection((HOST, running.process.port), timeout=60)) as connection:
        connection.sendall(f"{head}\r\nHost: {running.host}\r\n\r\n".encode())
        for _ in range(11):
            connection.sendall(b"%x\r\n%s\r\n" % (MIB, bytes(MIB)))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413 ")


def test_the_cloud_asks_for_a_body_only_after_it_has_accepted_the_headers(running: Running, bucket: str) -> None:
    """`Expect: 100-continue`, which S3's clients send with an upload."""
    expecting = "Expect: 100-continue\r\nContent-Length: 5"
    assert talk(running, f"PUT /{bucket}/key HTTP/1.1\r\n{expecting}").startswith("HTTP/1.1 403 ")
    request = Request("PUT", f"/{bucket}/key", body=b"hello").signed(running, "s3")
    lines = [f"{name}: {value}" for name, value in request.headers if name.lower() not in ("host", "content-length")]
    head = "\r\n".join([f"PUT /{bucket}/key HTTP/1.1", expecting, *lines])
    assert talk(running, head).startswith("HTTP/1.1 100 Continue\r\n\r\n")


def test_a_host_of_a_service_that_is_not_served_is_closed(running: Running) -> None:
    """With the path of a public API too."""
    path = "/restapis/none/prod/_user_request_/"
    for host in ("d1.cloudfront", "collection.eu-central-1.aoss"):
        answer = running.ask("GET", path, Host=f"{host}.{running.host}")
        assert answer.status in (403, 404)
    assert "Traceback" not in running.process.log.read_text()
