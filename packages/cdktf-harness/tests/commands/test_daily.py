"""What the daily commands print, and which release a rollback chooses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.commands import output
from cdktf_harness.deployment.target import Target
from cdktf_harness.operations.invoke import sample
from cdktf_harness.operations.logs import LogEvent
from cdktf_harness.operations.releases import Release, chosen
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

from .conftest import harness

# As the Lambda guide shows them, "Log formats".
APPLICATION = (
    '{"timestamp": "2026-11-25T19:00:00Z", "level": "ERROR", "message": "no queue", "requestId": "r-1", "n": 2}'
)
PLATFORM = '{"time": "2026-11-25T19:00:00Z", "type": "platform.report", "record": {"requestId": "r-1", "status": "ok"}}'
LOCAL = "http://localhost:4566/restapis/a1/prod/_user_request_/time?zone=utc"
AWS = "https://a1.execute-api.eu-central-1.amazonaws.com/prod/time?zone=utc"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (APPLICATION, "ERROR    r-1 no queue n=2"),
        (PLATFORM, "PLATFORM r-1 platform.report status=ok"),
        ("[not markup] 1 [/]", "[not markup] 1 [/]"),
        ('["a list"]', '["a list"]'),
    ],
)
def test_a_log_event_is_one_readable_line(message: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of JSON the level, the request and the message first; other text as it is."""
    output.log_event(LogEvent(1795634237123, "s", message))
    (printed,) = capsys.readouterr().out.splitlines()
    assert printed.partition(".123 ")[2] == line


@pytest.mark.parametrize("url", [LOCAL, AWS])
def test_the_sample_is_the_event_of_a_get(url: str) -> None:
    """A function gets the same stage, path and query in the embedded cloud and on AWS."""
    event = sample(url)
    assert (event["httpMethod"], event["path"], event["requestContext"]["stage"]) == ("GET", "/time", "prod")
    assert event["queryStringParameters"] == {"zone": "utc"}


def test_a_missing_output_is_reported(project: Path) -> None:
    """With the line to add to the table."""
    done = harness(project, "logs")
    assert (done.returncode, 'add `function = "STACK.OUTPUT"` to pyproject.toml' in done.stderr) == (1, True)


def test_a_function_is_named_by_its_key(project: Path) -> None:
    """Outputs that are maps have a value for each function; an unknown key is refused with the known ones."""
    table = '[tool.cdktf-harness]\nfunction = "a.functions"\nalias = "a.alias"\nimage_setting = "{function}_digest"\n'
    (project / "pyproject.toml").write_text(table)
    target = Target(find(project), project / "local", {})
    (project / "local").mkdir()
    outputs = {"functions": {"api": "x-api", "the-worker": "x-worker"}, "alias": "live"}
    (project / "local/outputs.json").write_text(json.dumps({"a": outputs}))
    found = [(one.live_function(), one.setting("image_setting")) for one in target.functions()]
    assert found == [
        ({"FunctionName": "x-api", "Qualifier": "live"}, "api_digest"),
        ({"FunctionName": "x-worker", "Qualifier": "live"}, "the_worker_digest"),
    ]
    assert [one.selected for one in target.functions("the-worker")] == ["the-worker"]
    with pytest.raises(HarnessError, match=r"^there is no function 'w': name one of api, the-worker$"):
        target.functions("w")


def test_doctor_reports_missing_tools(project: Path) -> None:
    """A missing tool is fatal; the fix names it."""
    done = harness(project, "doctor", "--json", TERRAFORM_BINARY_NAME="no-such-program")
    findings: dict[str, Any] = {diagnosis["name"]: diagnosis for diagnosis in json.loads(done.stdout)}
    assert {name for name, diagnosis in findings.items() if diagnosis["fatal"]} == {"Terraform"}
    assert {"Python", "Node", "Terraform", "embedded cloud"} <= findings.keys()
    assert done.returncode == 1
    assert "TERRAFORM_BINARY_NAME=no-such-program" in findings["Terraform"]["fix"]


def release(version: int, digest: str, *, good: bool = True, kept: bool = True, live: bool = False) -> Release:
    """A release of the image `digest`, whose tag has the commit as `git describe` writes it."""
    tags = ("0123456789abcdef-20261125T190000Z-g82e89ad-dirty", *(["release-1"] if good else []))
    return Release(str(version), datetime.now(UTC), live, f"sha256:{digest * 64}", tags if kept else ())


def test_a_rollback_restores_the_last_good_image_before_the_live_one() -> None:
    """Not one that never answered, not a deleted one, not the live image under another version."""
    found = [
        release(6, "e"),
        release(5, "d", good=False, live=True),
        release(4, "d"),
        release(3, "c", good=False),
        release(2, "b", kept=False),
        release(1, "a"),
    ]
    assert (chosen(found, "").version, found[0].commit) == ("1", "82e89ad-dirty")
    assert chosen(found, "3").version == "3"
    assert chosen(found, "sha256:eeeeee").version == "6"
    for wanted, said in (("2", "no image of version 2"), ("9", "name one of 6 ("), ("ee", "0 releases match")):
        with pytest.raises(HarnessError, match=said.replace("(", r"\(")):
            chosen(found, wanted)
    with pytest.raises(HarnessError, match="no earlier release"):
        chosen(found[:4], "")
