"""Rollbacks, the status and promotions of an app with two functions, from images without layers: nothing is built.

`tests/e2e` has what gets calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import plain_app
import pytest

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.operations import canary
from cdktf_harness.operations.releases import Release, chosen
from cdktf_harness.project.project import find
from cdktf_harness.pytest_plugin.empty_images import push
from cdktf_harness.system.errors import HarnessError

from .running import run, succeed, write_app

APP = """
import os

stage = os.environ["APP_STAGE"]
resources = {"aws_lambda_function": {}, "aws_lambda_alias": {}, "aws_cloudwatch_metric_alarm": {}}
for name in ("one", "two"):
    digest = os.environ.get(f"APP_{name.upper()}_DIGEST") or os.environ["APP_SOURCE_OF_" + name.upper()]
    full, registry = f"{stage}-{name}", os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
    role, uri = "arn:aws:iam::000000000000:role/any", f"{registry}/{stage}@{digest}"
    function = {"function_name": full, "role": role, "package_type": "Image", "image_uri": uri, "publish": True}
    resources["aws_lambda_function"][name] = function
    version = f"${{aws_lambda_function.{name}.version}}"
    resources["aws_lambda_alias"][name] = {"name": "live", "function_name": full, "function_version": version}
    limit = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1, "threshold": 0}
    metric = {"namespace": "AWS/Lambda", "metric_name": "Errors", "period": 60, "statistic": "Sum"}
    of = {"alarm_name": full, "dimensions": {"FunctionName": full}}
    resources["aws_cloudwatch_metric_alarm"][name] = {**limit, **metric, **of}
names = {name: f"{stage}-{name}" for name in ("one", "two")}
outputs = {"functions": names, "alias": "live", "repository": stage, "alarms": list(names.values())}
synth({"app": {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": resources,
    "output": {name: {"value": value} for name, value in outputs.items()},
}})
"""
TABLE = """
function = "app.functions"
alias = "app.alias"
repository = "app.repository"
alarms = "app.alarms"
image_setting = "{function}_digest"
settings_prefix = "APP_"
stages = "stages"
"""


class Deployed(NamedTuple):
    """The app in the folder `root`, and the digests of two images in the repository of its stage `dev`."""

    root: Path
    digests: list[str]

    def told(self, *command: str) -> Any:
        """What a command prints as JSON."""
        output = run(self.root, *command, "--json").output
        return json.JSONDecoder().raw_decode(output[output.index("{") :])[0]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The app with two versions of its first function, of which the second one is live."""
    root = write_app(tmp_path_factory.mktemp("app"), plain_app.files(APP, "app", table=TABLE, region="eu-central-1"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"STAGE": "dev", "SOURCE_OF_ONE": "", "SOURCE_OF_TWO": ""}.items():
            patch.setenv(f"APP_{name}", value)
        project = find(root)
        deployment = LocalDeployment(project, project.folder / "local")
        try:
            deployment.start(images=False)
            ecr = deployment.client("ecr")
            ecr.create_repository(repositoryName="dev")
            digests = [push(ecr, "dev", name, f"linux/{name}") for name in ("amd64", "arm64")]
            patch.setenv("APP_SOURCE_OF_TWO", digests[0])
            for digest in digests:
                patch.setenv("APP_SOURCE_OF_ONE", digest)
                succeed(root, "up")
            yield Deployed(root, digests)
        finally:
            succeed(root, "down")


def test_each_rollback_marks_what_it_replaces(app: Deployed) -> None:
    """Also one that goes forward again, to a later version."""

    def undone() -> dict[str, bool]:
        return {entry["version"]: entry["undone"] for entry in app.told("releases")["one"]}

    succeed(app.root, "rollback", "1", "--function", "one")
    assert undone() == {"3": False, "2": True, "1": False}
    succeed(app.root, "rollback", "2", "--function", "one")
    assert undone() == {"4": False, "3": True, "2": True, "1": True}


def test_what_was_rolled_back_must_be_named() -> None:
    """A rollback without a name takes the last good release that was not undone."""
    now, tags = datetime.now(UTC), {"3": ("any",), "2": ("release-2", "undone-2-"), "1": ("release-1",)}
    found = [Release(version, now, version == "3", f"sha256:{version}", tags[version]) for version in tags]
    assert [chosen(found, wanted).version for wanted in ("", "2")] == ["1", "2"]
    with pytest.raises(HarnessError, match=r"was not rolled back: name a version"):
        chosen(found[:2], "")


def test_the_status_of_a_function_has_its_alarms(app: Deployed) -> None:
    """Without a name, all of them."""
    assert sorted(app.told("status")["alarms"]) == ["dev-one", "dev-two"]
    found = app.told("status", "--function", "two")
    assert (list(found["functions"]), list(found["alarms"])) == (["two"], ["dev-two"])


def test_a_promotion_of_what_was_not_reviewed_is_refused(app: Deployed) -> None:
    """The digests of the stage are compared with those that are expected, before anything changes."""
    expected = ("promote", "--from", "dev", "--expect", app.digests[0])
    refused = run(app.root, *expected, APP_STAGE="prod")
    said = f"error: stage dev runs {', '.join(sorted(app.digests))}: review it, then --expect that instead"
    assert (refused.returncode, refused.lines[-1]) == (1, said)
    assert said not in run(app.root, *expected, "--expect", app.digests[1], APP_STAGE="prod").lines


CANARY = (
    '[tool.cdktf-harness]\nstacks = ["a"]\nsettings_prefix = "APP_"\ncanary_setting = "canary"\nalarms = "a.alarms"\n'
)


@pytest.mark.parametrize("share", ["2", "1", "-0.1", "nan", "many"])
def test_a_canary_needs_a_share_below_one_and_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: str
) -> None:
    """Otherwise it is refused before any call."""
    (tmp_path / "cdktf.json").write_text('{"language": "python", "app": "python main.py"}')
    (tmp_path / "pyproject.toml").write_text(CANARY)
    (tmp_path / "local").mkdir()
    (tmp_path / "local/outputs.json").write_text(json.dumps({"a": {"alarms": []}}))
    deployment = LocalDeployment(find(tmp_path), tmp_path / "local")
    with pytest.raises(HarnessError, match=r"^no alarm is deployed, .*: deploy without one by APP_CANARY=0$"):
        canary.deploy(deployment, {"": "1"})
    monkeypatch.setenv("APP_CANARY", share)
    with pytest.raises(HarnessError, match=f"^canary: got '{share}'; it must be a number below 1, such as 0.1"):
        canary.main_versions(deployment)
