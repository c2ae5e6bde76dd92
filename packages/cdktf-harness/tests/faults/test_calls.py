"""Every call of a deployment gets every fault once: a retry succeeds, or an error explains it; then all converges."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from providers.catalogue import configuration
from providers.workspace import Workspace, environment

from cdktf_harness.cloud import Cloud, Fault, Faults
from terraform_standins.serving.mirror import write_mirror

Config = dict[str, Any]
# Faults after which AWS clients retry a call that was not done.
PASSING: tuple[Fault, ...] = ("error", "throttling", "reset", "hang", "late")
# The fault after which Terraform cannot know whether the call was done.
DOUBTFUL: Fault = "lost"
READS = ("Get", "Describe", "List", "Head", "GET", "HEAD")
HELD_SECONDS = 0.5
# One for each call in a row that each need another.
MOST_APPLIES = 50
# Python's internal messages, which users do not understand.
_NO_WORDS = re.compile(r"Error: .*(: '\w+'$|Traceback|object has no|NoneType|list index)", re.M)


@pytest.fixture
def workspace(cloud: Cloud, tmp_path: Path) -> Workspace:
    """Terraform's folder."""
    (tmp_path / "mirror").mkdir()
    (tmp_path / "work").mkdir()
    mirror = write_mirror(tmp_path / "mirror")
    return Workspace(tmp_path / "work", environment(mirror, cloud.url, cloud.credentials))


def meet(workspace: Workspace, cloud: Cloud, fault: Fault, resources: Config) -> tuple[int, int]:
    """Apply until it goes well, with each of the calls meeting `fault` once; how many calls, and how many applies."""
    faults = Faults(cloud.folder)
    workspace.write(resource=resources)
    with faults.recorded() as recorded:
        workspace.apply()
    # A creation whose answer is lost is refused ever after, as on AWS.
    calls = {call for call in recorded if fault != DOUBTFUL or call.partition(":")[2].startswith(READS)}
    workspace.run("destroy", "-auto-approve")
    with ExitStack() as stack:
        rules = [stack.enter_context(faults.on(call, fault, seconds=HELD_SECONDS)) for call in calls]
        applies = next(number for number in range(1, MOST_APPLIES) if _goes_well(workspace))
        met = sum(bool(rule.met) for rule in rules)
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
    return met, applies


def _goes_well(workspace: Workspace) -> bool:
    output = workspace.run("apply", "-auto-approve", codes=(0, 1))
    assert not _NO_WORDS.search(output), output
    return "Error: " not in output


@pytest.mark.faults
@pytest.mark.parametrize("fault", [*PASSING, DOUBTFUL, "denied"])
def test_every_call_meets_every_fault(workspace: Workspace, cloud: Cloud, fault: Fault) -> None:
    """Nearly all bundled types; what is refused needs another apply, what passes does not."""
    met, applies = meet(workspace, cloud, fault, configuration())
    assert met > (30 if fault == DOUBTFUL else 80)
    assert applies == 1 or fault == "denied"


def test_a_creation_whose_answer_is_lost_is_refused_ever_after(workspace: Workspace, cloud: Cloud) -> None:
    """As on AWS: Terraform asks again, and reports that it exists."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": {"name": "/once"}}})
    with Faults(cloud.folder).on("logs:CreateLogGroup", "lost"):
        for _ in range(2):
            assert "ResourceAlreadyExistsException" in workspace.fails("apply", "-auto-approve")
