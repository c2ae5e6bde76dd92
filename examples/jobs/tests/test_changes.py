"""The app, synthesized and planned. These tests come first: a release of the others would be in the plan, too."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Deployed, Synthesizer


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
        "api/read-limit": ["ssm:GetParameter"],
        "worker/write-results": [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ],
        "worker/receive-queue": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "worker/send-failed": ["sqs:SendMessage"],
        "worker/read-bucket": ["s3:GetObject"],
    }
    assert all(found[path]["Resource"] != "*" for path in granted)


def test_changes_of_settings_are_in_place(deployment: Deployed) -> None:
    """Queue and messages are kept; the usage plan keeps its keys; a budget is of what has the tag, with two mails."""
    changes = deployment.changed(days_kept=7, requests_per_day=5000, budget_email="ops@example.com", monthly_usd=30)
    changes.assert_actions({"jobs/queue/queue": "update", "jobs/access/plan": "update", "jobs/budget/budget": "create"})
    assert changes["jobs/queue/queue"].changed["message_retention_seconds"] == (4 * 86400, 7 * 86400)
    after = changes["jobs/budget/budget"].after
    assert (after["limit_amount"], after["cost_filter"][0]["values"]) == ("30", ["user:Project$jobs"])
    assert {one["notification_type"]: one["threshold"] for one in after["notification"]} == {
        "ACTUAL": 80,
        "FORECASTED": 100,
    }
