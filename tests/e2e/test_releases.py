"""A changed source is a release: it is deployed at once or as a canary, and put back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws
from e2e import alarms, commands
from e2e.conftest import LINES, SOURCE, Edited
from e2e.contents import is_monitored, logged, tags
from terraform_standins.waiting import poll

ALARM_SECONDS, LOG_SECONDS = 600, 120


def test_a_changed_source_is_a_new_version_and_a_new_answer(edited: Edited) -> None:
    """New tag, new digest, new version, new answer; the old version stays to go back to.

    All that the function prints is in its log group, however much it is.
    """
    deployment, before, after = edited
    assert list(json.loads(deployment.answer())) == ["The epoch time now"]
    assert after["image_digest"] != before["image_digest"]
    assert after["function_version"] != before["function_version"]
    old = deployment.cloud.client("lambda").get_function(
        FunctionName=before["function_name"], Qualifier=before["function_version"]
    )
    assert old["Code"]["ImageUri"].endswith(f"@{before['image_digest']}")

    def printed() -> list[int]:
        lines = deployment.cloud.logs(f"/aws/lambda/{after['function_name']}")
        # More than once where its first answer was late.
        return [int(line) for line in lines if line.strip().isdecimal()][-LINES:]

    # It arrives after the answer.
    assert poll(lambda: printed() == list(range(LINES)), LOG_SECONDS), printed()
    if is_monitored(deployment):
        raises_an_alarm(deployment)


def raises_an_alarm(deployment: Deployed) -> None:
    """Errors of the function move the alarm's own expression over its threshold."""
    function, cloudwatch = deployment.cloud.client("lambda"), deployment.cloud.client("cloudwatch")
    name = deployment.outputs["api"]["function_name"]

    def alarm() -> Any:
        return cloudwatch.describe_alarms(AlarmNames=[f"{name}-errors"])["MetricAlarms"][0]

    def fail() -> bool:
        assert "FunctionError" in function.invoke(FunctionName=name, Qualifier="live", Payload=b'"fail"')
        return bool(alarm()["StateValue"] == "ALARM")

    # Another test may have let the function fail. AWS takes no values of its own metrics.
    with nullcontext() if isinstance(deployment, DeployedOnAws) else alarms.calm(deployment):
        assert alarm()["StateValue"] != "ALARM"
    # AWS evaluates it every minute, over metrics that are some minutes late.
    assert poll(fail, ALARM_SECONDS, every=0.5)
    (action,) = alarm()["AlarmActions"]
    assert re.fullmatch(rf"arn:aws:sns:[a-z0-9-]+:\d{{12}}:{name}-alarms", action)


def test_a_release_is_put_back_without_an_engine_and_the_next_deployment_goes_forward(
    edited: Edited, tmp_path: Path
) -> None:
    """Through Terraform, whose plan is empty afterwards; going forward again needs no push."""
    deployment, before, after = edited
    no_engine = {"DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    done = commands.run(deployment, "rollback", before["function_version"], env=no_engine)
    assert done.returncode == 0, done.stderr
    assert "The current epoch time" in done.stdout
    image = f"Restoring the image of version {before['function_version']}, with the current settings: "
    assert image + before["image_digest"] in done.stderr
    listed = json.loads(commands.run(deployment, "releases", "--json", "--last", "3").stdout)
    assert [(entry["digest"], entry["live"], entry["undone"]) for entry in listed] == [
        (before["image_digest"], True, False),
        (after["image_digest"], False, True),
        (before["image_digest"], False, False),
    ]
    pushed = tags(deployment)
    assert deployment.redeploy()["api"]["image_digest"] == after["image_digest"]
    assert "The epoch time now" in deployment.answer()
    assert tags(deployment) == pushed
    deployment.plan().assert_empty()


def test_a_release_that_does_not_answer_is_undone(changeable: Deployed) -> None:
    """With the setting that says so; what answered before does so again, and is marked as good."""
    done = commands.run(changeable, "up")
    assert done.returncode == 0, done.stderr
    good = changeable.outputs["api"]["image_digest"]
    changeable.app.edit(SOURCE, "    return {", "    raise ValueError('broken')\n    return {")
    # AWS takes no values of its own metrics.
    if not isinstance(changeable, DeployedOnAws):
        fails_as_a_canary(changeable)
    done = commands.run(changeable, "up", "--undo")
    assert done.returncode == 1
    assert "rolled back to version" in done.stderr
    assert "The current epoch time" in changeable.answer()
    new, bad, old = json.loads(commands.run(changeable, "releases", "--json").stdout)[:3]
    assert [(entry["digest"] == good, entry["good"], entry["live"]) for entry in (new, bad, old)] == [
        (True, True, True),
        (False, False, False),
        (True, True, False),
    ]


def fails_as_a_canary(deployment: Deployed) -> None:
    """A version that fails when it is called by itself gets no calls, and one failure is enough."""
    before = routing(deployment)
    with alarms.calm(deployment):
        done = commands.run(deployment, "up", env={"ONTRA_CANARY": "0.5"})
    new = int(json.loads(commands.run(deployment, "releases", "--json", "--last", "1").stdout)[0]["version"])
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        f"error: version {new} fails (ValueError: broken (/var/task/app.py, line 19)): {before[0]} keeps all calls",
    )
    assert routing(deployment) == before

    def failures() -> list[dict[str, Any]]:
        lines = logged(deployment, f"/aws/lambda/{deployment.outputs['api']['function_name']}")
        return [line for line in lines if line.get("errorType") == "ValueError"]

    assert len(poll(failures, LOG_SECONDS)) == 1


@pytest.fixture
def calm(changeable: Deployed) -> Iterator[None]:
    """No alarm is on, whatever other tests did."""
    with alarms.calm(changeable):
        yield


@pytest.mark.embedded
def test_a_canary_gets_all_calls_or_none_by_the_alarms(unchanged: Deployed, changeable: Deployed, calm: None) -> None:
    """Both versions answer by their weights, until an alarm fires: then the previous version gets all calls again.

    If somebody else shifted the traffic in the meantime, it stays there. Another attempt without an alarm gives the
    new version all calls. Terraform's plan is empty after both.
    """
    old = unchanged.outputs["api"]["function_version"]
    changeable.app.edit(SOURCE, "The current epoch time", "The epoch time now")
    with commands.running(changeable, "up", env={"ONTRA_CANARY": "0.5"}) as up:
        poll(lambda: routing(changeable)[1], 600, every=0.2)
        with changeable.faults.on("cloudwatch:DescribeAlarms", "late", seconds=0) as watched:
            watched.wait()
        alias = {"FunctionName": changeable.outputs["api"]["function_name"], "Name": "live"}
        changeable.cloud.client("lambda").update_alias(**alias, RoutingConfig={"AdditionalVersionWeights": {}})
        alarms.throttle(changeable, 1)
        _, said = up.communicate(timeout=600)
    alarms.throttle(changeable, -1)
    assert "traffic was shifted to another version in the meantime; leaving it there: see `make local-releases`" in said
    assert routing(changeable) == (old, {})
    with commands.running(changeable, "up", env={"ONTRA_CANARY": "0.5"}) as up:
        answers = poll_answers(changeable, 2)
        assert answers == {"The current epoch time", "The epoch time now"}
        told = json.loads(commands.run(changeable, "status", "--json").stdout)
        assert (told["version"], told["canary"]["share"], told["canary"]["main"]) == (old, 0.5, old)
        alarms.throttle(changeable, 1)
        _, said = up.communicate(timeout=600)
    refused = commands.run(changeable, "up", env={"ONTRA_CANARY": "0.5"})
    assert refused.returncode == 1
    assert (
        "alarm ontra-dev-throttles fires, so a canary cannot be evaluated: deploy without one by ONTRA_CANARY=0"
        in refused.stderr
    )
    alarms.throttle(changeable, -1)
    new = told["canary"]["version"]
    assert (up.returncode, said.splitlines()[-1]) == (
        1,
        f"error: alarm ontra-dev-throttles fired; rolled back from version {new} to {old}",
    )
    assert routing(changeable) == (old, {})
    changeable.changed(main_version=old).assert_empty()
    done = commands.run(changeable, "up", env={"ONTRA_CANARY": "0.5", "ONTRA_CANARY_MINUTES": "0"})
    assert done.returncode == 0, done.stderr
    assert f"version {new} gets 50 % of the calls" in done.stderr
    assert routing(changeable) == (new, {})
    changeable.changed(canary=0.5, canary_minutes=0).assert_empty()


def routing(deployment: Deployed) -> tuple[str, dict[str, float]]:
    """The version that the alias points to, and the weights of others."""
    name = deployment.outputs["api"]["function_name"]
    alias = deployment.cloud.client("lambda").get_alias(FunctionName=name, Name="live")
    return alias["FunctionVersion"], alias.get("RoutingConfig", {})


def poll_answers(deployment: Deployed, number: int) -> set[str]:
    """The keys of the answers of the URL, when there are so many different ones."""
    found: set[str] = set()

    def ask() -> set[str]:
        found.update(json.loads(deployment.answer()))
        return found

    return poll(ask, 600, until=lambda found: len(found) == number, every=0.2)
