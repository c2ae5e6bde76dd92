"""A signature gives access to the signed call only: nothing that the call depends on can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cdktf_harness.system.http import Answer

from .conftest import Running

BUCKET = "attacked"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
CREATE_USER = b"Action=CreateUser&UserName=intruder&Version=2010-05-08"
LIST_USERS = b"Action=ListUsers&Version=2010-05-08"
SQS = ("X-Amz-Target", "AmazonSQS.CreateQueue")
OTHER = "is signed for {!r}, but calls another service"
UNSIGNED = "there were headers present in the request which were not signed: {}"
WRONG = "its signature is not that of its access key"


class WithoutHost(SigV4Auth):  # type: ignore[misc]
    """A signature that any host accepts."""

    def headers_to_sign(self, request: Any) -> Any:
        """Return the headers but the host."""
        names = super().headers_to_sign(request)
        del names["host"]
        return names


@dataclass
class Request:
    """A signed request, and what an attacker makes of it."""

    method: str = "GET"
    path: str = "/"
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def signed(self, running: Running, service: str, signer: type[SigV4Auth] | None = None) -> Request:
        """Sign it with botocore."""
        keys = running.process.credentials
        request = AWSRequest(self.method, running.process.url + self.path, data=self.body, headers=dict(self.headers))
        signer = signer or (S3SigV4Auth if service == "s3" else SigV4Auth)
        signer(Credentials(keys.access_key_id, keys.secret_access_key), service, "eu-central-1").add_auth(request)
        headers = {"Host": running.host, **dict(request.headers.items())}
        return Request(self.method, self.path, [*headers.items()], self.body)

    def sent(self, running: Running) -> Answer:
        """Send it."""
        return running.send(self.method, self.path, self.headers, self.body)


def presigned(running: Running, operation: str, method: str, seconds: int = 60) -> Request:
    """A presigned URL of an object, as a request; another user of the machine may know it."""
    params = {"Bucket": BUCKET, "Key": "key"}
    url = urlsplit(running.client("s3").generate_presigned_url(operation, Params=params, ExpiresIn=seconds))
    return Request(method, f"{url.path}?{url.query}", [("Host", running.host)])


@pytest.fixture(autouse=True, scope="module")
def secret(running: Running) -> Iterator[None]:
    """A bucket with a secret object, and afterwards no trace of an attack."""
    s3 = running.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=BUCKET, Key="secret", Body=b"secret")
    yield
    assert running.client("iam").list_users()["Users"] == []
    assert not running.client("sqs").list_queues(QueueNamePrefix="stolen").get("QueueUrls")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert keys == ["secret"]
    for upload in s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()):
        s3.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    s3.delete_object(Bucket=BUCKET, Key="secret")
    s3.delete_bucket(Bucket=BUCKET)


@pytest.mark.parametrize(
    ("added", "why"),
    [
        (SQS, UNSIGNED.format("x-amz-target")),
        (("x-amz-copy-source", f"/{BUCKET}/secret"), UNSIGNED.format("x-amz-copy-source")),
        (("X-AMZ-SECURITY-TOKEN", "any"), UNSIGNED.format("x-amz-security-token")),
        (("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"), UNSIGNED.format("x-amz-content-sha256")),
        (("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/r/iam/aws4_request"), "it is signed twice"),
        (("Transfer-Encoding", "chunked"), "its length is not clear"),
    ],
)
@pytest.mark.parametrize(("operation", "method"), [("get_object", "GET"), ("put_object", "PUT")])
def test_a_presigned_url_takes_no_further_headers(
    running: Running, operation: str, method: str, added: tuple[str, str], why: str
) -> None:
    """Neither those that select another service, nor those that change the operation."""
    request = presigned(running, operation, method)
    request.headers.append(added)
    request.body = b'{"QueueName": "stolen"}'
    answer = request.sent(running)
    assert (answer.status, why in answer.text) == (400 if "length" in why else 403, True)


@pytest.mark.parametrize("repeated", ["X-Amz-Signature", "X-Amz-Credential", "x-amz-credential"])
def test_a_presigned_url_has_each_part_once(running: Running, repeated: str) -> None:
    """Readers of a query take the first or the last of two values."""
    request = presigned(running, "get_object", "GET")
    request.path += f"&{repeated}=any"
    assert "malformed or repeated" in request.sent(running).text


def test_a_presigned_url_is_valid_for_a_week_at_most(running: Running) -> None:
    """As on AWS."""
    answer = presigned(running, "get_object", "GET", 604801).sent(running)
    assert (answer.status, "its signature is valid for more than 604800 s" in answer.text) == (403, True)


def test_the_form_of_a_presigned_post_calls_no_other_service(running: Running) -> None:
    """The body of an S3 call is not signed; only S3 reads it."""
    request = presigned(running, "create_multipart_upload", "POST")
    request.headers.append(FORM)
    request.body = CREATE_USER
    assert "InitiateMultipartUploadResult" in request.sent(running).text


def replaced(body: bytes) -> Callable[[Request], None]:
    """Another body under the hash of the signed one, in a header that is not signed."""

    def replace(request: Request) -> None:
        if "x-amz-content-sha256" not in {name.lower() for name, _ in request.headers}:
            request.headers.append(("X-Amz-Content-SHA256", hashlib.sha256(request.body).hexdigest()))
        request.body = body

    return replace


def added(*headers: tuple[str, str]) -> Callable[[Request], None]:
    """Headers after the signed ones, perhaps of the same name."""
    return lambda request: request.headers.extend(headers)


def changed(name: str, change: Callable[[str], str]) -> Callable[[Request], None]:
    """Another value of a header."""

    def replace(request: Request) -> None:
        request.headers = [(n, change(v) if n.lower() == name else v) for n, v in request.headers]

    return replace


def with_path(path: str) -> Callable[[Request], None]:
    """Another path."""
    return lambda request: setattr(request, "path", path)


def as_it_is(request: Request) -> None:
    """Change nothing: the signer itself goes too far."""


LISTING = Request("POST", "/", [FORM], LIST_USERS)
FUNCTION = "/2015-03-31/functions/a"
TARGETED = Request("POST", headers=[("X-Amz-Target", "AmazonSQS.ListQueues")], body=b"{}")
OTHER_KEY = "Credential=a/b/c/s3/d"
TWO = "AWS4-HMAC-SHA256 Credential=a/20260101/r/sts/aws4_request"


@pytest.mark.parametrize(
    ("service", "request_", "attack", "why"),
    [
        ("iam", LISTING, replaced(CREATE_USER), UNSIGNED.format("x-amz-content-sha256")),
        ("s3", Request("PUT", f"/{BUCKET}/key", body=b"signed"), replaced(b"another"), "does not have the hash"),
        ("iam", Request("GET", "/", [FORM]), replaced(CREATE_USER), UNSIGNED.format("x-amz-content-sha256")),
        ("iam", Request("GET", "/", [FORM]), lambda request: setattr(request, "body", CREATE_USER), WRONG),
        ("iam", LISTING, added(SQS), UNSIGNED.format("x-amz-target")),
        ("s3", TARGETED, as_it_is, OTHER.format("s3")),
        ("sts", TARGETED, as_it_is, OTHER.format("sts")),
        ("iceberg", Request(), as_it_is, "has no service 'iceberg'"),
        ("s3", Request(path="/iceberg/v1/config"), as_it_is, OTHER.format("s3")),
        ("iam", Request("POST", "/?Action=ListUsers"), with_path("/?Action=ListRoles"), WRONG),
        ("iam", LISTING, lambda request: setattr(request, "body", CREATE_USER), WRONG),
        ("sqs", TARGETED, changed("x-amz-date", lambda _: "20200101T000000Z"), "its signature"),
        ("sqs", TARGETED, added(SQS), WRONG),
        ("sqs", TARGETED, added(("x-AMZ-target", "AmazonSQS.CreateQueue")), WRONG),
        ("sqs", TARGETED, changed("x-amz-target", lambda value: f"{value}, AmazonSQS.CreateQueue"), WRONG),
        ("sqs", TARGETED, changed("x-amz-target", lambda _: "AmazonSQS.CreateQueue"), WRONG),
        ("sqs", TARGETED, added(("Authorization", TWO)), "malformed or repeated"),
        ("sqs", TARGETED, changed("authorization", lambda it: it.replace("Sig", f"{OTHER_KEY}, Sig")), "repeated"),
        ("s3", Request(), with_path("/?X-Amz-Credential=any"), "it is signed twice"),
        ("lambda", Request(path=FUNCTION), with_path(f"/x/../{FUNCTION}"), "its path is not"),
        ("iam", Request(headers=[("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")]), as_it_is, "iam does not accept"),
        ("s3", Request(), changed("x-amz-content-sha256", lambda _: "UNSIGNED-PAYLOAD"), WRONG),
    ],
)
def test_what_a_signature_covers(
    running: Running, service: str, request_: Request, attack: Callable[[Request], None], why: str
) -> None:
    """The host, all x-amz-* headers, the path as it is, the body and the service."""
    request = request_.signed(running, service)
    attack(request)
    answer = request.sent(running)
    assert (answer.status, why in answer.text) == (403, True), answer.text


def test_the_host_must_be_signed(running: Running) -> None:
    """Else the signature is valid for another bucket."""
    request = Request().signed(running, "sts", WithoutHost)
    assert "does not cover its host and date" in request.sent(running).text


@pytest.mark.parametrize("path", ["/", "/v20180820/tags/arn:aws:s3:::attacked", "/Execute", "/v2/email/identities"])
def test_no_host_or_path_leads_to_another_service(running: Running, path: str) -> None:
    """On AWS, IAM's signatures are of use at IAM's host only."""
    for host in (running.host, f"{BUCKET}.{running.host}"):
        answer = Request(path=path, headers=[("Host", host)]).signed(running, "iam").sent(running)
        assert (answer.status, "InvalidAction" in answer.text) == (400, True)


def test_no_header_overrides_the_method(running: Running) -> None:
    """`X-HTTP-Method-Override` is not signed, and means nothing."""
    request = Request(path=f"/{BUCKET}/secret").signed(running, "s3")
    request.headers += [("X-HTTP-Method-Override", "DELETE"), ("X-Method-Override", "DELETE")]
    assert request.sent(running).body == b"secret"
