"""A body is read if its request is accepted, up to the size that AWS accepts, and only as it is signed."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth

from cdktf_harness.cloud import HOST
from cdktf_harness.cloud.front_door.body import Chunks
from cdktf_harness.cloud.front_door.request import Refused

from .conftest import Running
from .test_attacks import Request

BUCKET = "bodies"
MIB = 1 << 20
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SCOPE = "20130524T000000Z\n20130524/us-east-1/s3/aws4_request"
# The signatures in AWS's own examples, of 65 KiB in chunks of 64 KiB (sigv4-streaming and sigv4-streaming-trailers).
EXAMPLES = {
    "": (
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ),
    "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:"
    "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n": (
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ),
}


def signing_key(secret: str, *scope: str) -> bytes:
    """The key for signatures in a scope: date, region, service."""
    key = f"AWS4{secret}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@pytest.mark.parametrize("trailer", EXAMPLES)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_the_chunks_of_the_examples_of_aws(trailer: str, size: int) -> None:
    """However the network divides the body; no byte of it can be changed, left out or added."""
    seed, *signatures = EXAMPLES[trailer]
    contents = (b"a" * 65536, b"a" * 1024, b"")
    body = b"".join(
        b"%x;chunk-signature=%s\r\n" % (len(content), signature.encode()) + content + b"\r\n" * bool(content)
        for content, signature in zip(contents, signatures, strict=True)
    )
    body += trailer.encode() + b"\r\n"

    def check(body: bytes) -> None:
        key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3")
        chunks = Chunks(key, SCOPE, seed, trailer=bool(trailer))
        for start in range(0, len(body), size):
            chunks.add(body[start : start + size])
        chunks.end()

    check(body)
    if size == 1:
        return
    ends = [found.end() for found in re.finditer(rb"\r\n", body)]
    for place in (*ends[:-1], len(body) - 1, 3, 100):
        for wrong in (body[:place], body[:place] + b"b" + body[place + 1 :], body[:place] + b"b" + body[place:]):
            with pytest.raises(Refused):
                check(wrong)


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


@pytest.mark.parametrize("wrong", [False, True])
def test_a_streaming_upload_is_signed_chunk_by_chunk(running: Running, bucket: str, wrong: bool) -> None:
    """The first chunk's signature covers that of the request."""
    request = streamed(running, SIGNED)
    authorization = dict(request.headers)["Authorization"]
    _, date, region, service, _ = authorization.split("Credential=")[1].split(",")[0].split("/")
    key = signing_key(running.process.credentials.secret_access_key, date, region, service)
    previous, empty = authorization.rpartition("=")[2], hashlib.sha256().hexdigest()
    for content in (b"hello", b""):
        scope = f"{dict(request.headers)['X-Amz-Date']}\n{date}/{region}/{service}/aws4_request"
        signed = f"AWS4-HMAC-SHA256-PAYLOAD\n{scope}\n{previous}\n{empty}\n{hashlib.sha256(content).hexdigest()}"
        previous = hmac.new(key, signed.encode(), "sha256").hexdigest()
        content = content.replace(b"h", b"j") if wrong else content
        request.body += b"%x;chunk-signature=%s\r\n" % (len(content), previous.encode()) + content + b"\r\n"
    answer = request.sent(running)
    assert answer.status == (403 if wrong else 200)
    assert ("the signature of a chunk of its body is wrong" in answer.text) == wrong


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
    """Anybody on this machine may send one; a form grew the process by more than twice its size."""
    before = memory_mib(running)
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {200 * MIB}"
    assert re.match(r"HTTP/1.1 4(01|03|13) ", talk(running, head, 200) or "HTTP/1.1 413 closed")
    assert memory_mib(running) - before < 100


@pytest.mark.parametrize(
    ("service", "path", "mebibytes", "status"),
    [
        ("iam", "/", 5, 413),
        ("lambda", "/2015-03-31/functions/none/invocations", 7, 413),
        ("lambda", "/2015-03-31/functions/none/invocations", 5, 404),
        ("lambda", "/2015-03-31/functions", 50, 400),
        ("lambda", "/2015-03-31/functions", 70, 413),
        ("", "/restapis/none/prod/_user_request_/", 9, 404),
        ("", "/restapis/none/prod/_user_request_/", 11, 413),
        ("", "/_aws/lambda-url/none/", 7, 413),
    ],
)
def test_bodies_are_as_large_as_on_aws(running: Running, service: str, path: str, mebibytes: int, status: int) -> None:
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
