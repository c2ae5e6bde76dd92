"""The app: synthesized, planned and deployed."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any
from urllib.parse import urljoin

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from issuer import Issuer

from cdktf_harness.pytest_plugin import Converges, Deployed, Planner, Synthesizer
from terraform_standins.waiting import poll

SECONDS, ORIGIN = 120, "https://jobs.example.com"


def test_every_method_needs_a_key_or_a_signature(synth: Synthesizer) -> None:
    """But OPTIONS, which has no credentials; the usage plan covers their stage."""
    stack = synth["jobs"]
    methods = [one for one in stack.resources("aws_api_gateway_method") if one["http_method"] != "OPTIONS"]
    assert all(one["api_key_required"] != (one["authorization"] == "AWS_IAM") for one in methods)
    stack.resource("access/plan").assert_has({"quota_settings.limit": 1000, "quota_settings.period": "DAY"})


def test_functions_have_no_other_rights(synth: Synthesizer) -> None:
    """Beside their logs and traces: what was granted, on one resource each."""
    stack = synth["jobs"]
    policies = {one.path.removeprefix("jobs/"): one.json("policy") for one in stack.resources("aws_iam_role_policy")}
    found = {path: policy["Statement"][0] for path, policy in policies.items()}
    granted = {path: one["Action"] for path, one in found.items() if not path.endswith(("write-logs", "write-traces"))}
    assert granted == {
        "api/send-queue": ["sqs:SendMessage"],
        "api/read-results": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        "api/read-token": ["secretsmanager:GetSecretValue"],
        "worker/read-results": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        "worker/write-results": [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ],
        "worker/receive-queue": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "worker/send-failed": ["sqs:SendMessage"],
    }
    assert all(found[path]["Resource"] != "*" for path in granted)


def test_messages_are_kept_longer_in_place(plan: Planner) -> None:
    """The queue and its messages are kept."""
    changes = plan.changed(days_kept=7)
    changes.assert_actions({"jobs/queue/queue": "update"})
    assert changes["jobs/queue/queue"].changed["message_retention_seconds"] == (4 * 86400, 7 * 86400)


def test_a_larger_quota_is_a_change_in_place(plan: Planner) -> None:
    """The usage plan keeps its id, and with it the keys."""
    plan.changed(requests_per_day=5000).assert_actions({"jobs/access/plan": "update"})


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


def test_the_schedule_calls_the_worker(deployment: Deployed, key: dict[str, str]) -> None:
    """Without a request; it writes what it counted."""
    assert "jobs before" in result(deployment, key, "schedule")


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
    keys, url = deployment.cloud.credentials, urljoin(deployment.url, "jobs/admin")

    def answer(secret: str, service: str = "execute-api") -> int:
        request = AWSRequest("GET", url)
        SigV4Auth(Credentials(keys.access_key_id, secret), service, "eu-west-1").add_auth(request)
        return deployment.http.get("jobs/admin", headers=dict(request.headers)).status

    assert answer(keys.secret_access_key) == 200
    assert answer(keys.secret_access_key[::-1]) == 403
    assert answer(keys.secret_access_key, "s3") == 403
    assert deployment.http.get("jobs/admin").status == 403
    assert deployment.http.get("jobs/admin", headers={"Authorization": "Bearer x"}).status == 403


def _found(answer: Any) -> bool:
    return bool(answer.status == 200)


def test_a_request_without_a_key_is_refused(deployment: Deployed, key: dict[str, str]) -> None:
    """API Gateway answers, not the function."""
    assert deployment.http.get().status == 403
    assert deployment.http.get(headers={"x-api-key": key["x-api-key"][::-1]}).status == 403


def test_who_sends_jobs_signs_in(deployment: Deployed) -> None:
    """A token of the issuer with the route's scope; the claims reach the function."""
    issuer, other, job = Issuer(deployment.cloud), Issuer(deployment.cloud), json.dumps({"square": 5})
    deployment.redeploy(issuer=issuer.url)

    def post(headers: dict[str, str]) -> int:
        return deployment.http.request("POST", body=job, headers=headers).status

    write = {"scope": "jobs/read jobs/write"}
    assert post({}) == 401
    assert post({"Authorization": "Bearer x"}) == 401
    assert post(issuer.token(**write, exp=int(time.time()) - 60)) == 401
    assert post(issuer.token(**write, aud="another")) == 401
    assert post(issuer.token(**write, iss="https://example.com")) == 401
    assert post(other.token(**write, iss=issuer.url)) == 401
    assert post(issuer.token()) == 403
    assert post(issuer.token(scope="jobs/read")) == 403
    token = issuer.token(**write)
    taken = deployment.http.request("POST", body=job, headers=token)
    assert taken.status == 202
    done = poll(lambda: deployment.http.get(f"jobs/{taken.json()['id']}", headers=token), SECONDS, until=_found)
    assert done.json() == {"result": "25", "by": "ann"}
    assert deployment.http.get("jobs/1a2b", headers=issuer.token(scope="jobs/write")).status == 403
    issuer.remove()
    other.remove()


def test_a_function_notices_a_new_value_of_its_secret(deployment: Deployed, key: dict[str, str]) -> None:
    """Without a value, it says so; a change needs no deployment. No state has a value."""

    def token() -> str:
        return str(deployment.http.get(headers=key).json()["token"])

    assert token() == "no value: set it with `cdktf-harness secret`"
    secret = deployment.resource("jobs/token/secret")["arn"]
    for value in ("first value", "second value"):
        deployment.cloud.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=value)
        assert poll(token, SECONDS, until=hashlib.sha256(value.encode()).hexdigest().__eq__)
    assert not deployment.plan()
    states = [path.read_text() for path in deployment.folder.rglob("*.tfstate*") if path.is_file()]
    assert {"second value" in state for state in states} == {False}


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
