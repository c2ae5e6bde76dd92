"""The policies of policy.toml allow what a deployment needs and nothing else: decided for each call of its life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.cloud import ACCOUNT
from cdktf_harness.cloud.permissions.decisions import Decision, decider
from cdktf_harness.deployment.aws.iam_policy import PARTS, Part
from cdktf_harness.pytest_plugin import App, Synthesizer
from cdktf_harness.system.errors import HarnessError
from policy import recorded
from policy.further import FURTHER
from policy.life import REGION, SETTINGS, STEPS, policy_of

Statement = dict[str, Any]
# IAM's limit for all policies inside a role together, without white space.
MOST_CHARACTERS = 10240
# What AWS does not let a policy restrict to one deployment, or what is one for all of a region.
FOR_ALL = {
    "apigateway:GET /account",
    "apigateway:PATCH /account",
    "cloudwatch:DescribeAlarms",
    "ecr:GetAuthorizationToken",
    "kms:Sign with the key",
    "kms:Verify with the key",
    "logs:DeleteQueryDefinition",
    "logs:DescribeLogGroups",
    "logs:DescribeQueryDefinitions",
    "logs:PutQueryDefinition",
    "s3:ListBucket",
    "sns:GetSubscriptionAttributes",
    "sns:Unsubscribe",
    "wafv2:AssociateWebACL of the ACL",
}
# Resources that are one for all stages.
SHARED = {
    f"arn:aws:apigateway:{REGION}::/account": " /account",
    SETTINGS["web_acl_arn"]: " of the ACL",
    SETTINGS["signing_key"]: " with the key",
}


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, Decision]]:
    """All calls, each with its step: those of the bundled providers, and what the real ones call beside them."""
    found = [(step, call) for step, calls in recorded.read().items() for call in calls]
    return [*found, *((step, call) for step, calls in FURTHER.items() for call in calls)]


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the life that was recorded, and of what is called beside it."""
    for name, value in {**SETTINGS, "canary": "0.1"}.items():
        monkeypatch.setenv(f"ONTRA_{name.upper()}", value)


def part(step: str) -> Part:
    """The part of the file that a step needs."""
    own: dict[str, Part] = {"bootstrap": "bootstrap", "promote": "promote", "on call": "oncall"}
    return own.get(step, "deploy")


def without_one(document: Statement) -> Iterator[tuple[str, str, Statement]]:
    """Each action of a policy, with its statement and the policy without it."""
    for number, statement in enumerate(document["Statement"]):
        for action in statement["Action"]:
            less = deepcopy(document)
            less["Statement"][number]["Action"].remove(action)
            if not less["Statement"][number]["Action"]:
                del less["Statement"][number]
            yield statement["Sid"], action, less


@pytest.mark.usefixtures("everything")
def test_each_call_is_allowed(cdktf_app: App, calls: list[tuple[str, Decision]]) -> None:
    """Of each step, with the part of the policy for it."""
    allows = {name: decider(policy_of(cdktf_app.project, name)) for name in PARTS}
    assert {step for step, _ in calls} == set(STEPS)
    assert [(step, call) for step, call in calls if not allows[part(step)](call)] == []


@pytest.mark.usefixtures("everything")
def test_without_an_action_a_step_fails(
    cdktf_app: App, calls: list[tuple[str, Decision]], record_property: Any
) -> None:
    """Of each action of each statement: there is none that could be left out."""
    needless = []
    for name in PARTS:
        own = [(step, call) for step, call in calls if part(step) == name]
        for sid, action, less in without_one(policy_of(cdktf_app.project, name)):
            allows = decider(less)
            # Only what names the action can be refused: the others are allowed as before.
            using = [(step, call) for step, call in own if call.action == action]
            failing = [step for step in STEPS if any(at == step and not allows(call) for at, call in using)]
            record_property("fails", (sid, action, ", ".join(failing)))
            if not failing:
                needless.append((sid, action))
    assert needless == []


@pytest.mark.usefixtures("everything")
def test_another_stage_is_refused(cdktf_app: App, calls: list[tuple[str, Decision]]) -> None:
    """The policy of one stage allows nothing in another one, but where AWS has no permissions for a single resource."""
    own = [call for step, call in calls if part(step) == "deploy"]
    for stage in ("staging", "de", "dev-2", "pr-*"):
        allows = decider(policy_of(cdktf_app.project, stage=stage))
        allowed = {f"{call.action}{SHARED.get(call.resource, '')}" for call in own if allows(call)}
        assert allowed == FOR_ALL, stage


def test_the_policy_for_previews_is_for_all_of_them(cdktf_app: App, calls: list[tuple[str, Decision]]) -> None:
    """`--stage 'pr-*'`: one role deploys the preview of each pull request."""
    allows = decider(policy_of(cdktf_app.project, stage="pr-*"))
    for _, call in calls:
        if call.action in ("lambda:CreateFunction", "ecr:PutImage"):
            assert allows(replace(call, resource=call.resource.replace("ontra-dev", "ontra-pr-12")))
            assert not allows(call)


@pytest.mark.usefixtures("everything")
def test_a_plan_changes_nothing(cdktf_app: App, calls: list[tuple[str, Decision]]) -> None:
    """`--plan` allows all that reads, and no call that changes something."""
    allows = decider(policy_of(cdktf_app.project, reads=True))
    allowed = {call.action for _, call in calls if allows(call)}
    assert all(action.split(":")[1].startswith(("Get", "List", "Describe", "BatchGet", "GET")) for action in allowed)
    assert {"s3:GetObject", "lambda:GetFunction", "apigateway:GET", "iam:GetRole"} <= allowed


@pytest.mark.usefixtures("everything")
def test_a_role_can_hold_it(cdktf_app: App) -> None:
    """Also with everything that the stacks can have."""
    for name in PARTS:
        assert len(json.dumps(policy_of(cdktf_app.project, name), separators=(",", ":"))) <= MOST_CHARACTERS


def test_a_stage_has_only_what_its_settings_need(cdktf_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """No topic and no key without monitoring."""
    monkeypatch.setenv("ONTRA_STAGE", "dev")
    assert "sns:CreateTopic" not in json.dumps(policy_of(cdktf_app.project))
    monkeypatch.setenv("ONTRA_STAGE", "staging")
    assert "sns:CreateTopic" in json.dumps(policy_of(cdktf_app.project))


def test_the_function_writes_logs_and_traces_only(synth: Synthesizer, calls: list[tuple[str, Decision]]) -> None:
    """Its role allows no call of a deployment's life, and no log group but its own."""
    stack = synth(monitoring=True)["api"]
    documents = [resource.json("policy") for resource in stack.resources("aws_iam_role_policy")]
    actions = {action for document in documents for entry in document["Statement"] for action in entry["Action"]}
    assert actions == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/ontra-dev"
    filled = [json.loads(json.dumps(document).replace(_group(stack), group)) for document in documents]
    allows = decider({"Statement": [entry for document in filled for entry in document["Statement"]]})
    assert [call for _, call in calls if allows(call)] == []
    assert allows(Decision("", "logs:PutLogEvents", f"{group}:log-stream:x", {}))
    assert not allows(Decision("", "logs:PutLogEvents", f"{group}-2:log-stream:x", {}))


def _group(stack: Any) -> str:
    """How the stack writes the ARN of the function's log group."""
    return f"${{{stack.resource('function/logs').address}.arn}}"


def test_what_a_file_of_statements_must_have(cdktf_app: App, tmp_path: Path) -> None:
    """A mistake in it is one line."""
    for content, said in (
        ("[[deploy]]\nsid = 'x'\n", "needs sid, action and resource"),
        ("deploy = ", "is not TOML"),
        ("[[deploy]]\nsid='x'\naction=['s3:GetObject']\nresource=['{nothing}']\n", "no setting 'nothing'"),
    ):
        (tmp_path / "policy.toml").write_text(content)
        with pytest.raises(HarnessError, match=said):
            policy_of(replace(cdktf_app.project, root=tmp_path))


def test_a_condition_may_have_several_values(cdktf_app: App, tmp_path: Path) -> None:
    """Each with its placeholders filled in."""
    entry = "[[deploy]]\nsid = 'x'\naction = ['s3:GetObject']\nresource = ['*']\n"
    condition = "condition = { StringEquals = { 'aws:RequestedRegion' = ['{region}', 'us-east-1'] } }\n"
    (tmp_path / "policy.toml").write_text(entry + condition)
    (statement,) = policy_of(replace(cdktf_app.project, root=tmp_path))["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "us-east-1"]}}
