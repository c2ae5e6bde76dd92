"""The daily commands, on a deployment and on the same one as if it were on AWS."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cdktf_harness.pytest_plugin import Deployed
from e2e import commands


@pytest.mark.parametrize("aws", [False, True], ids=["local", "aws"])
def test_status_says_what_runs(unchanged: Deployed, aws: bool) -> None:
    """The same on AWS, where the outputs come from Terraform's state if nothing was deployed from here lately."""
    unchanged.answer()
    kept = unchanged.app.project.folder / "aws/stages" / commands.STAGE / "outputs.json"
    if aws:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text('{"api": {"url": "http://localhost:1/of-before"}}')
        os.utime(kept, (0, 0))
    done = commands.run(unchanged, "status", "--json", aws=aws)
    told, outputs = json.loads(done.stdout), unchanged.outputs["api"]
    assert (told["url"], told["digest"]) == (outputs["url"], outputs["image_digest"])
    assert (told["version"], told["health"], told["kept"]) == (outputs["function_version"], "", True)
    assert sorted(told["alarms"]) == sorted(outputs["alarms"])
    # Other tests make the function fail.
    assert told["healthy"] == (done.returncode == 0) == ("ALARM" not in told["alarms"].values()), done.stderr


@pytest.mark.embedded
def test_doctor_checks_the_account_and_the_app(unchanged: Deployed) -> None:
    """Refused credentials are fatal, with a fix."""
    done = commands.run(unchanged, "doctor", "--json", aws=True)
    found = {diagnosis["name"]: diagnosis for diagnosis in json.loads(done.stdout)}
    assert "account 000000000000" in found["credentials"]["result"]
    assert found["app"]["result"] == "synthesizes registry, api"
    with unchanged.faults.on("sts:GetCallerIdentity", "denied", times=9):
        done = commands.run(unchanged, "doctor", "--json", aws=True)
    *_, last = json.loads(done.stdout)
    assert (done.returncode, last["name"], last["fatal"]) == (1, "credentials", True)
    assert "AWS refused GetCallerIdentity" in last["fix"]


def test_invoke_calls_what_is_live(unchanged: Deployed, tmp_path: Path) -> None:
    """Without a file with the event that API Gateway sends; a file that is not JSON is refused in one line."""
    answer = json.loads(commands.run(unchanged, "invoke", "--json").stdout)
    assert answer["version"] == unchanged.outputs["api"]["function_version"]
    assert list(json.loads(answer["payload"]["body"])) == ["The current epoch time"]
    assert any(answer["request_id"] in line for line in answer["log"])
    (tmp_path / "event.json").write_text("{")
    refused = commands.run(unchanged, "invoke", str(tmp_path / "event.json"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "event.json is not JSON" in refused.stderr
