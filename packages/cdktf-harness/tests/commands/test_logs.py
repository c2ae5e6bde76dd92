"""`logs` and `doctor`, and errors of AWS, with an embedded cloud that stands for AWS."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.operations.status import status
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

from .conftest import TABLE, stand_for_aws, write_project
from .running import Command, run, succeed, until

REGION = "eu-west-2"
GROUP = "/aws/lambda/hello"
OUTPUTS = {"hello": {"function": "hello", "url": "http://127.0.0.1:9/"}}


@pytest.fixture
def logs(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of CloudWatch Logs in the cloud that stands for AWS, with the log group of a function."""
    stand_for_aws(cloud, monkeypatch, region=REGION)
    with zipfile.ZipFile(content := io.BytesIO(), "w") as archive:
        archive.writestr("index.py", "")
    role = "arn:aws:iam::000000000000:role/hello"
    cloud.client("lambda", region_name=REGION).create_function(
        FunctionName="hello", Runtime="python3.12", Handler="index.x", Role=role, Code={"ZipFile": content.getvalue()}
    )
    client = cloud.client("logs", region_name=REGION)
    client.create_log_group(logGroupName=GROUP)
    client.create_log_stream(logGroupName=GROUP, logStreamName="one")
    return client


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An app that says which function it has deployed."""
    root = write_project(tmp_path)
    (root / "pyproject.toml").write_text(f'{TABLE}function = "hello.function"\n')
    outputs = root / ".cdktf-harness" / "aws" / "outputs.json"
    outputs.parent.mkdir(parents=True)
    outputs.write_text(json.dumps(OUTPUTS))
    return root


def test_logs_are_followed_until_an_interrupt(logs: Any, project: Path) -> None:
    """Old and new events are printed once each, even if they are ingested late; Ctrl-C is no error."""
    now = round(1000 * time.time())

    def write(message: str, seconds_ago: float) -> None:
        event = {"timestamp": now - round(1000 * seconds_ago), "message": message}
        logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=[event])

    write("long ago", 3600)
    write("before", 10)
    follow = Command(project, "aws", "logs", "--follow", "--json", "--since", "5m")

    def said() -> list[str]:
        return [json.loads(line)["message"] for line in follow.lines]

    try:
        until(said, "line")
        write("after", 0)
        until(lambda: len(said()) == 2, "second line")
        write("late", 5)
        until(lambda: len(said()) == 3, "third line")
        follow.interrupt()
        assert follow.wait() == 0
    finally:
        follow.interrupt()
    assert said() == ["before", "after", "late"]
    selected = succeed(project, "aws", "logs", "--json", "--since", "99999d", "--filter", "ago")
    assert [json.loads(line)["message"] for line in selected.lines] == ["long ago"]
    assert succeed(project, "aws", "logs", "--json", "--request-id", "none-has-it").lines == []


def test_a_deployment_that_cdktf_destroyed_is_not_deployed(
    project: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its outputs remain, so Terraform's state decides; a resource missing in the cloud is reported with a command."""
    # The function of other tests is in another region.
    stand_for_aws(cloud, monkeypatch, region="eu-west-1", PROVIDERS="bundled")
    told = run(project, "aws", "status").lines[-1]
    assert told == "error: nothing is deployed; `cdktf-harness aws up` does it"
    local = project / "local"
    (local / "state").mkdir(parents=True)
    (local / "cloud").symlink_to(cloud.folder)
    for name, content in {"environment.json": {}, "outputs.json": OUTPUTS}.items():
        (local / name).write_text(json.dumps(content))
    deployment = LocalDeployment(find(project), local)
    gone = "^AWS refused .*not found.*; `cdktf-harness up` re-creates what was deleted$"
    managed = {"mode": "managed", "type": "t", "name": "n", "instances": [{}]}
    for resources, says in (([managed], gone), ([], "^nothing is deployed; `cdktf-harness up` does it$")):
        (local / "state/terraform.hello.tfstate").write_text(json.dumps({"version": 4, "resources": resources}))
        with pytest.raises(HarnessError, match=says), one_line_errors(deployment):
            status(deployment)
