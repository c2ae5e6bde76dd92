"""The deployed app: jobs, those who send them, and its end."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from issuer import Issuer

from cdktf_harness.pytest_plugin import Converges, Deployed
from cdktf_harness.system.http import send
from terraform_standins.waiting import poll

SECONDS, ORIGIN, DOMAIN = 120, "https://jobs.example.com", "jobs.example.test"


@pytest.fixture(scope="module")
def key(deployment: Deployed) -> dict[str, str]:
    """The header that carries the deployed API's key."""
    gateway = deployment.cloud.client("apigateway")
    found = gateway.get_api_key(apiKey=deployment.outputs["jobs"]["key_id"], includeValue=True)
    return {"x-api-key": found["value"]}


def test_the_answer_says_what_to_do(deployment: Deployed) -> None:
    """It is asked with the key, as by `cdktf-harness up`."""
    assert "POST a job" in deployment.answer()


def result(deployment: Deployed, key: dict[str, str], id_: str) -> Any:
    """The result of a job, as soon as there is one."""
    return poll(lambda: deployment.http.get(f"jobs/{id_}", headers=key), SECONDS, until=_found).json()["result"]


def test_a_job_is_done(deployment: Deployed, key: dict[str, str]) -> None:
    """The API puts it into the queue, the worker writes its result, and the API finds that by its id."""
    assert deployment.http.get("jobs/1a2b", headers=key).status == 404
    taken = deployment.http.request("POST", body=json.dumps({"square": 7}), headers=key)
    assert taken.status == 202
    assert result(deployment, key, taken.json()["id"]) == "49"


def test_a_message_that_cannot_be_handled_raises_an_alarm(deployment: Deployed, key: dict[str, str]) -> None:
    """The queue repeats only that message, then keeps it as a dead letter; the others of its batch are done."""
    sqs, outputs = deployment.cloud.client("sqs"), deployment.outputs["jobs"]
    # The queue repeats a message after this time, which is 30 seconds in the app.
    sqs.set_queue_attributes(QueueUrl=outputs["queue_url"], Attributes={"VisibilityTimeout": "2"})
    bodies = [json.dumps({"id": "good", "square": 3}), json.dumps({"id": "bad", "square": "x"})]
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    sqs.send_message_batch(QueueUrl=outputs["queue_url"], Entries=entries)
    assert result(deployment, key, "good") == "9"

    def state() -> str:
        (alarm,) = deployment.cloud.client("cloudwatch").describe_alarms(AlarmNames=["jobs-dead"])["MetricAlarms"]
        return str(alarm["StateValue"])

    assert poll(state, SECONDS, until="ALARM".__eq__)
    (dead,) = sqs.receive_message(QueueUrl=outputs["dead_url"])["Messages"]
    assert json.loads(dead["Body"])["id"] == "bad"
    sqs.set_queue_attributes(QueueUrl=outputs["queue_url"], Attributes={"VisibilityTimeout": "30"})


def test_the_schedule_calls_the_worker(deployment: Deployed, key: dict[str, str]) -> None:
    """Without a request; it writes what it counted."""
    assert "ran at" in result(deployment, key, "schedule")


def test_topic_and_bucket_call_the_worker(deployment: Deployed, key: dict[str, str]) -> None:
    """With the text of a message, or an object. What fails is repeated, then kept with the dead letters."""
    outputs = deployment.outputs["jobs"]
    topics, objects, sqs = (deployment.cloud.client(name) for name in ("sns", "s3", "sqs"))
    for id_, square in (("from-topic", 8), ("bad-topic", "x")):
        topics.publish(TopicArn=outputs["topic_arn"], Message=json.dumps({"id": id_, "square": square}))
    for id_, square in (("from-bucket", 9), ("bad-bucket", "x")):
        body = json.dumps({"id": id_, "square": square}).encode()
        objects.put_object(Bucket=outputs["bucket_name"], Key=f"a folder/{id_}+1.json", Body=body)
    assert result(deployment, key, "from-topic") == "64"
    assert result(deployment, key, "from-bucket") == "81"
    kept: dict[str, Any] = {}

    def failed() -> set[str]:
        for one in sqs.receive_message(QueueUrl=outputs["failed_url"], MaxNumberOfMessages=10).get("Messages", ()):
            (record,) = json.loads(one["Body"])["requestPayload"]["Records"]
            kept["bad-topic" if "Sns" in record else "bad-bucket"] = record
        return set(kept)

    assert poll(failed, SECONDS, until={"bad-topic", "bad-bucket"}.__eq__)
    assert json.loads(kept["bad-topic"]["Sns"]["Message"])["id"] == "bad-topic"


def test_a_body_that_is_no_job_is_refused_with_the_reason(deployment: Deployed, key: dict[str, str]) -> None:
    """API Gateway answers, whatever the content type; so the function sees valid bodies only."""
    for body, reason in (
        ("{}", '[object has missing required properties (["square"])]'),
        ('{"square": "x"}', "[instance type (string) does not match any allowed primitive type"),
        ("x", "[Unable to parse"),
    ):
        for kind in ("application/json", "text/plain"):
            refused = deployment.http.request("POST", body=body, headers={**key, "Content-Type": kind})
            assert (refused.status, refused.json()["message"]) == (400, "Invalid request body")
            assert refused.json()["reason"].startswith(reason)


def test_pages_of_the_origin_may_call(deployment: Deployed, key: dict[str, str]) -> None:
    """API Gateway answers the preflight request without a key; errors have the header, too."""
    preflight = deployment.http.request("OPTIONS", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
    assert (preflight.status, preflight.data) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET,POST"
    for answer in (preflight, deployment.http.get(), deployment.http.get(headers=key)):
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_an_administrator_signs(deployment: Deployed) -> None:
    """With credentials of the account; a wrong signature and none are refused."""
    secret = deployment.cloud.credentials.secret_access_key
    assert signed(deployment, secret) == 200
    assert signed(deployment, secret[::-1]) == 403
    assert signed(deployment, secret, "s3") == 403
    assert deployment.http.get("jobs/admin").status == 403
    assert deployment.http.get("jobs/admin", headers={"Authorization": "Bearer x"}).status == 403


def signed(deployment: Deployed, secret: str, service: str = "execute-api") -> int:
    """The status of a request to `GET /jobs/admin` that is signed with this key for a service."""
    request = AWSRequest("GET", urljoin(deployment.url, "jobs/admin"))
    keys = Credentials(deployment.cloud.credentials.access_key_id, secret)
    SigV4Auth(keys, service, "eu-west-1").add_auth(request)
    return deployment.http.get("jobs/admin", headers=dict(request.headers)).status


def _found(answer: Any) -> bool:
    return bool(answer.status == 200)


def test_a_request_without_a_key_is_refused(deployment: Deployed, key: dict[str, str]) -> None:
    """API Gateway answers, not the function."""
    assert deployment.http.get().status == 403
    assert deployment.http.get(headers={"x-api-key": key["x-api-key"][::-1]}).status == 403


def assert_tokens_are_verified(deployment: Deployed, issuer: Issuer, other: Issuer) -> Callable[[dict[str, str]], int]:
    """A valid token with the route's scope is taken, and its claims reach the worker; return what sends a job."""
    job, write = json.dumps({"square": 6}), {"scope": "jobs/read jobs/write"}

    def post(headers: dict[str, str]) -> int:
        return deployment.http.request("POST", body=job, headers=headers).status

    assert post({}) == 401
    assert post(issuer.token(**write, exp=int(time.time()) - 60)) == 401
    assert post(issuer.token(**write, aud="another")) == 401
    assert post(other.token(**write, iss=issuer.url)) == 401
    assert post(issuer.token(scope="jobs/read")) == 403
    token = issuer.token(**write)
    taken = deployment.http.request("POST", body=job, headers=token)
    assert taken.status == 202
    done = poll(lambda: deployment.http.get(f"jobs/{taken.json()['id']}", headers=token), SECONDS, until=_found)
    assert done.json() == {"result": "36", "by": "ann"}
    return post


def test_a_function_notices_a_new_value_of_its_secret(deployment: Deployed, key: dict[str, str]) -> None:
    """Without a value, it says so; a change needs no deployment. No state has a value."""

    def token() -> str:
        return str(deployment.http.get(headers=key).json()["token"])

    assert token() == "no value: set it with `cdktf-harness secret`"
    assert deployment.http.get(headers=key).json()["limit"] == "-"
    parameters = deployment.cloud.client("ssm")
    parameters.put_parameter(Name="/jobs/limit", Value="third value", Type="SecureString", Overwrite=True)
    secret = deployment.resource("jobs/token/secret")["arn"]
    for value in ("first value", "second value"):
        deployment.cloud.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=value)
        assert poll(token, SECONDS, until=hashlib.sha256(value.encode()).hexdigest().__eq__)
    assert deployment.http.get(headers=key).json()["limit"] == "third value"
    states = [path.read_text() for path in deployment.folder.rglob("*.tfstate*") if path.is_file()]
    assert {"second value" in state or "third value" in state for state in states} == {False}


@pytest.fixture
def issuers(deployment: Deployed) -> Iterator[tuple[Issuer, Issuer]]:
    """The issuer of the API's tokens, and another one."""
    issuers = Issuer(deployment.cloud), Issuer(deployment.cloud)
    yield issuers
    for issuer in issuers:
        issuer.remove()


def test_tokens_and_a_domain_of_both_kinds_of_api(deployment: Deployed, issuers: tuple[Issuer, Issuer]) -> None:
    """Of a REST API, which an HTTP API replaces. The domain has a certificate that its zone validates, and stays."""
    zones = deployment.cloud.client("route53")
    zone = zones.create_hosted_zone(Name="example.test", CallerReference="jobs")["HostedZone"]["Id"].split("/")[-1]
    deployment.redeploy(issuer=issuers[0].url, domain=DOMAIN, zone_id=zone)
    assert_rest_api_takes_tokens(deployment, *issuers)
    assert by_domain(deployment, "Request refused") == (403, True)
    deployment.redeploy(api="http")
    assert_http_api_does_the_same(deployment, *issuers)
    assert by_domain(deployment, "POST a job") == (200, True)
    records = {one["Name"]: one for one in zones.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]}
    assert records[f"{DOMAIN}."]["AliasTarget"]["DNSName"].startswith("d-")
    deployment.redeploy(domain="", zone_id="")
    assert by_domain(deployment, "POST a job") == (403, False)
    left = zones.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert {one["Type"] for one in left} == {"NS", "SOA"}
    zones.delete_hosted_zone(Id=zone)


def by_domain(deployment: Deployed, expected: str) -> tuple[int, bool]:
    """The status of the answer at the domain, which the Host header names, and whether it has the expected text."""
    answer = send(f"{deployment.cloud.url}/jobs", headers={"Host": DOMAIN})
    return answer.status, expected in answer.text


def assert_rest_api_takes_tokens(deployment: Deployed, issuer: Issuer, other: Issuer) -> None:
    """A token of the issuer with the route's scope; the claims reach the function."""
    post = assert_tokens_are_verified(deployment, issuer, other)
    assert post({"Authorization": "Bearer x"}) == 401
    assert post(issuer.token(scope="jobs/read jobs/write", iss="https://example.com")) == 401
    assert post(issuer.token()) == 403
    assert deployment.http.get("jobs/1a2b", headers=issuer.token(scope="jobs/write")).status == 403


def assert_http_api_does_the_same(deployment: Deployed, issuer: Issuer, other: Issuer) -> None:
    """Without keys and models: API Gateway verifies the tokens itself, and answers preflight requests."""
    assert deployment.http.get().status == 200
    assert deployment.http.get("jobs/a/b").status == 404
    assert_tokens_are_verified(deployment, issuer, other)
    preflight = deployment.http.request("OPTIONS", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
    assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert signed(deployment, deployment.cloud.credentials.secret_access_key) == 200
    assert signed(deployment, deployment.cloud.credentials.secret_access_key[::-1]) == 403
    logged = deployment.cloud.client("logs").filter_log_events(logGroupName="/aws/apigateway/jobs")["events"]
    lines = [json.loads(one["message"]) for one in logged]
    assert {"202", "401", "403", "404"} <= {one["status"] for one in lines if "trace" not in one}
    metrics = deployment.cloud.client("cloudwatch").list_metrics(Namespace="AWS/ApiGateway", MetricName="4xx")
    assert {one["Name"] for one in metrics["Metrics"][0]["Dimensions"]} == {"ApiId", "Stage"}


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
