"""The app: synthesized, planned and deployed."""

from __future__ import annotations

import json

import pytest

from cdktf_harness.pytest_plugin import Converges, Deployed, Planner, Synthesizer


def test_every_method_needs_a_key(synth: Synthesizer) -> None:
    """Both methods of the API ask for a key, and the usage plan covers their stage."""
    stack = synth["jobs"]
    methods = stack.resources("aws_api_gateway_method")
    assert [(method["http_method"], method["api_key_required"]) for method in methods] == [
        ("GET", True),
        ("POST", True),
    ]
    # A stage serves the methods of its deployment.
    (deployed,) = stack.document["locals"].values()
    assert [value["api_key_required"] for key, value in deployed.items() if "_method." in key] == [True, True]
    stack.resource("api/plan").assert_has({"quota_settings.limit": 1000, "quota_settings.period": "DAY"})


def test_the_function_may_only_send_read_and_log(synth: Synthesizer) -> None:
    """Its policy has no other actions."""
    statements = synth["jobs"].resource("grant").json("policy")["Statement"]
    assert [statement["Action"] for statement in statements] == [
        "sqs:SendMessage",
        "dynamodb:GetItem",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
    ]


def test_messages_are_kept_longer_in_place(plan: Planner) -> None:
    """The queue and its messages are kept."""
    changes = plan.changed(days_kept=7)
    changes.assert_actions({"jobs/queue": "update"})
    assert changes["jobs/queue"].changed["message_retention_seconds"] == (4 * 86400, 7 * 86400)


def test_a_larger_quota_is_a_change_in_place(plan: Planner) -> None:
    """The usage plan keeps its id, and with it the keys."""
    plan.changed(requests_per_day=5000).assert_actions({"jobs/api/plan": "update"})


@pytest.fixture(scope="module")
def key(deployment: Deployed) -> dict[str, str]:
    """The header that carries the deployed API's key."""
    gateway = deployment.cloud.client("apigateway")
    found = gateway.get_api_key(apiKey=deployment.outputs["jobs"]["key_id"], includeValue=True)
    return {"x-api-key": found["value"]}


def test_the_answer_says_what_to_do(deployment: Deployed) -> None:
    """It is asked with the key, as by `cdktf-harness up`."""
    assert "POST a job" in deployment.answer()


def test_a_job_waits_in_the_queue(deployment: Deployed, key: dict[str, str]) -> None:
    """The body is the message; the answer has the id of the result."""
    job = json.dumps({"square": 7})
    taken = deployment.http.request("POST", body=job, headers=key)
    assert taken.status == 202
    queue = deployment.outputs["jobs"]["queue_url"]
    (message,) = deployment.cloud.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert message["Body"] == job


def test_a_result_is_found_by_its_id(deployment: Deployed, key: dict[str, str]) -> None:
    """A worker writes it to the table; before that there is none."""
    assert deployment.http.get("?id=1a2b", headers=key).status == 404
    item = {"id": {"S": "1a2b"}, "result": {"S": "49"}}
    deployment.cloud.client("dynamodb").put_item(TableName="jobs-results", Item=item)
    assert deployment.http.get("?id=1a2b", headers=key).json() == {"result": "49"}


def test_a_request_without_a_key_is_refused(deployment: Deployed, key: dict[str, str]) -> None:
    """API Gateway answers, not the function."""
    assert deployment.http.get().status == 403
    assert deployment.http.get(headers={"x-api-key": key["x-api-key"][::-1]}).status == 403


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
