"""Stages of an app: each a deployment of its own, in one embedded cloud; protected resources."""

from __future__ import annotations

import json
from pathlib import Path

import plain_app
import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.project import environment
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

from .running import Ended, found, run, succeed, write_app

APP = """
import os

stage = os.environ.get("APP_STAGE", "dev")
destroy = os.environ.get("APP_DESTROY")
lifecycle = {"prevent_destroy": True} if os.environ.get("APP_PROTECTED") and not destroy else {}
triggers = os.environ.get("APP_REPLACED", "")
kept = {"input": stage, "triggers_replace": triggers, "lifecycle": lifecycle}
resources, providers = {"terraform_data": {"kept": kept}}, {}
if stage == "prod":
    resources["aws_s3_bucket"] = {"kept": {"bucket": "kept", "force_destroy": bool(destroy)}}
    providers["aws"] = {"source": "hashicorp/aws", "version": "6.25.0"}
synth({"hello": {
    "terraform": {
        "backend": {"local": {"path": f"{os.getcwd()}/{stage}.tfstate"}},
        "required_providers": providers,
    },
    "resource": resources,
    "output": {"stage": {"value": stage}},
}})
"""
TABLE = 'stages = "stages"\nsettings_prefix = "APP_"\nunprotect = "APP_DESTROY={stage}"\n'
FILES = {
    **plain_app.files(APP, "hello", table=TABLE, stage="dev", region="a"),
    "stages/dev.json": '{"region": "eu-west-1"}',
    "stages/prod.json": '{"region": "eu-west-2"}',
}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with two stages in files."""
    monkeypatch.delenv("APP_STAGE", raising=False)
    return write_app(tmp_path, FILES)


def test_settings_of_a_stage(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the stage is over `context`, variables are over both; a stage without a file has the default's."""
    assert (find(app).stage, find(app).region) == ("dev", "eu-west-1")
    monkeypatch.setenv("APP_STAGE", "prod")
    assert (find(app).stage, find(app).region) == ("prod", "eu-west-2")
    monkeypatch.setenv("APP_STAGE", "anna")
    assert (find(app).stage, find(app).region) == ("anna", "eu-west-1")
    monkeypatch.setenv("APP_REGION", "eu-west-3")
    assert find(app).region == "eu-west-3"
    monkeypatch.setenv("APP_STAGE", "../x")
    with pytest.raises(HarnessError, match=r"^stage: got '../x'"):
        _ = find(app).stage


def test_two_stages_are_side_by_side(app: Path) -> None:
    """In one embedded cloud, each with a state and outputs of its own; `down` removes both.

    The cloud may run before them, for what they only name, such as a key for signatures.
    """
    printed = succeed(app, "env", "--start").output
    cloud = Cloud(found(app, "cloud.json")[0].parent)
    assert cloud.url in printed
    cloud.client("sqs", region_name="eu-west-1").create_queue(QueueName="first")
    for stage in ("dev", "anna"):
        done = succeed(app, "up", APP_STAGE=stage)
        assert f'"stage": "{stage}"' in done.output
    states = {path.parents[1].name: path.read_text() for path in found(app, "terraform.hello.tfstate")}
    assert {stage: json.loads(state)["outputs"]["stage"]["value"] for stage, state in states.items()} == {
        "dev": "dev",
        "anna": "anna",
    }
    assert '"stage": "dev"' in run(app, "get").output
    assert '"stage": "anna"' in run(app, "get", APP_STAGE="anna").output
    assert cloud.client("sqs", region_name="eu-west-1").list_queues()["QueueUrls"]
    other = run(app, "diff", APP_STAGE="other").lines[-1]
    assert other == "error: stage 'other' is not up, but anna, dev; fix the stage, or run `cdktf-harness up`"
    assert "APP_STAGE=anna" in run(app, "env", APP_STAGE="anna").output
    # As a killed apply leaves it.
    found(app, "cloud.json")[0].with_name("applying.hello").touch()
    again = succeed(app, "up", APP_STAGE="anna").output
    assert (
        "Terraform wrote its state: starting from an empty cloud, without the other stages: deploy dev again" in again
    )
    assert "does not have this deployment any more: everything will be re-created" in succeed(app, "up").output
    assert "No changes." in run(app, "diff", APP_STAGE="anna").output
    run(app, "down")
    assert found(app, "*.tfstate") == []


def test_protected_resources_stay(app: Path, cloud: Cloud) -> None:
    """A destroy is refused by name before Terraform starts, a plan by Terraform; both say what lifts that.

    Then what has content is deleted with it.
    """
    account = environment.local(region="eu-west-2", endpoint=cloud.url, credentials=cloud.credentials.environment)

    def aws(*arguments: str, **env: str) -> Ended:
        return run(app, "aws", *arguments, PROVIDERS="bundled", APP_STAGE="prod", **account, **env)

    nothing = aws("down")
    assert (nothing.returncode, nothing.lines[-1]) == (0, "Nothing is deployed")
    assert not (app / "prod.tfstate").exists()
    assert aws("up").returncode == 0
    state = (app / "prod.tfstate").read_text()
    destroyed = aws("down", APP_PROTECTED="1")
    lifted = ": `APP_DESTROY=prod` lifts that"
    assert destroyed.returncode == 1
    assert destroyed.lines[-1] == (f"error: stage prod is protected, and this would delete terraform_data.kept{lifted}")
    replaced = aws("up", APP_PROTECTED="1", APP_REPLACED="1")
    assert replaced.returncode == 1
    assert "Instance cannot be destroyed" in replaced.lines[-1]
    assert replaced.lines[-1].endswith(f": stage prod is protected{lifted}")
    assert (app / "prod.tfstate").read_text() == state
    assert aws("up", APP_REPLACED="1").returncode == 0
    cloud.client("s3").put_object(Bucket="kept", Key="content")
    done = aws("down", APP_REPLACED="1", APP_PROTECTED="1", APP_DESTROY="prod")
    assert done.returncode == 0, done.output
    assert json.loads((app / "prod.tfstate").read_text())["resources"] == []
