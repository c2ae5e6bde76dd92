"""What protects a deployment on AWS: the account, a confirmation, plans in a file, locks."""

from __future__ import annotations

import json
import os
import pty
import stat
import sys
from pathlib import Path
from unittest import mock

import plain_app
import pytest

from cdktf_harness.cloud import Cloud

from .conftest import stand_for_aws
from .running import Ended, run, succeed, write_app

APP = """
import os

bucket = os.environ.get("APP_STATE_BUCKET")
s3 = {"bucket": bucket, "key": "second.tfstate", "region": "eu-west-2", "use_lockfile": True}

def stack(name):
    return {"resource": {"terraform_data": {name: {"input": os.environ.get("APP_INPUT", "1")}}}}

backend = {"terraform": {"backend": {"s3": s3}}} if bucket else {}
synth({"first": stack("one"), "second": {**stack("two"), **backend}}, {"second": ["first"]})
"""
FILES = plain_app.files(
    APP, "first", "second", table='settings_prefix = "APP_"\nstages = "stages"\n', stage="prod", protected=True
)


@pytest.fixture
def app(tmp_path: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app of two stacks with a protected stage, and an embedded cloud that stands for AWS."""
    stand_for_aws(cloud, monkeypatch, region="eu-west-2", PROVIDERS="bundled")
    return write_app(tmp_path / "app", FILES)


def answering(app: Path, answer: str, *arguments: str, **env: str) -> Ended:
    """Run the command line with a terminal on which somebody types `answer` to each question."""
    person, terminal = pty.openpty()
    os.write(person, answer.encode() * 2)
    try:
        with os.fdopen(terminal) as typed, mock.patch.object(sys, "stdin", typed):
            return run(app, *arguments, **env)
    finally:
        os.close(person)


def applied(app: Path) -> list[str]:
    """The inputs of the deployed resources."""
    states = [app / f"terraform.{name}.tfstate" for name in ("first", "second")]
    found = [json.loads(state.read_text())["resources"] for state in states if state.exists()]
    return [resource["instances"][0]["attributes"]["input"]["value"] for (resource,) in filter(None, found)]


def test_another_account_is_refused(app: Path) -> None:
    """Before anything is read, also by a command that only reads."""
    for command in ("up", "status"):
        refused = run(app, "aws", command, APP_ACCOUNT="111111111111")
        text = "the credentials are for account 000000000000, not 111111111111: use those of that account"
        assert refused.returncode == 1
        assert text in refused.output
        assert "Synthesis" not in refused.output


def test_changes_of_a_protected_stage_are_confirmed(app: Path) -> None:
    """On a terminal, stack by stack, or by an option; another answer ends the command."""
    alone = run(app, "aws", "up").lines[-1]
    assert alone == "error: stage prod is protected; there is no terminal to ask for a confirmation: add --yes"
    no = answering(app, "y\n", "aws", "up")
    assert no.lines[-1].endswith("error: stage prod is protected; not confirmed")
    assert applied(app) == []
    yes = answering(app, "yes\n", "aws", "up")
    assert yes.returncode == 0, yes.output
    assert yes.output.count(": create (terraform_data.") == 2
    assert applied(app) == ["1", "1"]
    # Without a change, there is no question.
    succeed(app, "aws", "up")
    succeed(app, "aws", "up", "--yes", APP_INPUT="2", APP_ACCOUNT="000000000000")
    assert applied(app) == ["2", "2"]


def test_a_reviewed_plan_is_applied_as_it_is(app: Path) -> None:
    """Without a question; not after a change of the app or of what is deployed.

    A time-out for locks is added to the arguments for Terraform that are in variables.
    """
    unknown = run(app, "aws", "plan", "prod.plan", "--lock-timeout", "1s", TF_CLI_ARGS_plan="-unknown")
    assert "-unknown" in unknown.output
    planned = succeed(app, "aws", "plan", "prod.plan")
    assert planned.output.count(": create (terraform_data.") == 2
    assert stat.S_IMODE((app / "prod.plan").stat().st_mode) == 0o600
    assert applied(app) == []
    changed = run(app, "aws", "up", "--plan", "prod.plan", APP_INPUT="2")
    assert changed.lines[-1].startswith("error: the app, its settings or its sources have changed since ")
    assert applied(app) == []
    succeed(app, "aws", "up", "--plan", "prod.plan")
    assert applied(app) == ["1", "1"]
    stale = run(app, "aws", "up", "--plan", "prod.plan")
    assert "Saved plan is stale" in stale.lines[-1]
    (app / "prod.plan").write_text("no plan")
    damaged = run(app, "aws", "up", "--plan", "prod.plan")
    assert "prod.plan is not a file of plans" in damaged.lines[-1]


def test_a_lock_is_removed_after_a_question(app: Path, cloud: Cloud) -> None:
    """It names who holds it; a state that is not locked is left alone."""
    s3 = cloud.client("s3", region_name="eu-west-2")
    s3.create_bucket(Bucket="locked", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    env = {"APP_STATE_BUCKET": "locked"}
    succeed(app, "aws", "up", "--yes", **env)
    lock = {"ID": "0a1b", "Operation": "OperationTypeApply", "Who": "anna@build", "Created": "2026-02-03T04:05:06.7Z"}
    s3.put_object(
        Bucket="locked", Key="second.tfstate.tflock", Body=json.dumps({**lock, "Path": "locked/second.tfstate"})
    )
    assert "is locked: anna@build holds it" in run(app, "aws", "unlock", **env).lines[-1]
    done = answering(app, "yes\n", "aws", "unlock", **env)
    assert "  the state of stack first is not locked" in done.lines
    assert done.lines[-1].endswith("  the state of stack second is unlocked")
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="locked")["Contents"]] == ["second.tfstate"]
