"""Every call of a deployment gets every fault once: a retry succeeds, or an error explains it; then all converges."""

from __future__ import annotations

import re
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from providers.workspace import Workspace, environment

from cdktf_harness.cloud.embedded import EmbeddedCloud
from cdktf_harness.cloud.injected import Fault, Faults
from cdktf_harness.cloud.interrupted import apply_in
from cdktf_harness.cloud.process import Cloud
from terraform_standins.serving.mirror import write_mirror

from .conftest import Tell
from .everything import Config, everything, few

# Faults after which AWS clients retry a call that was not done.
PASSING: tuple[Fault, ...] = ("error", "throttling", "reset", "hang", "late")
# Faults after which Terraform cannot know whether the call was done.
DOUBTFUL: tuple[Fault, ...] = ("lost", "truncated", "malformed")
HELD_SECONDS = 0.5
# One for each call in a row that each need another.
MOST_APPLIES = 50
# Python's internal messages, which users do not understand.
_NO_WORDS = re.compile(r"Error: .*(: '\w+'$|Traceback|object has no|NoneType|list index)", re.M)


class Refused(Exception):
    """Terraform ended with errors."""


@pytest.fixture
def workspace(cloud: EmbeddedCloud, tmp_path: Path) -> Workspace:
    """Terraform's folder."""
    (tmp_path / "mirror").mkdir()
    (tmp_path / "work").mkdir()
    mirror = write_mirror(tmp_path / "mirror")
    return Workspace(tmp_path / "work", environment(mirror, cloud.url, cloud.process.credentials))


def meet(workspace: Workspace, cloud: Cloud, fault: Fault, resources: Config, times: int = 1) -> tuple[int, int]:
    """Apply until it goes well, with each of the calls meeting `fault` once; how many calls, and how many applies."""
    faults = Faults(cloud.folder)
    workspace.write(resource=resources)
    with faults.recorded() as calls:
        workspace.apply()
    if fault == "stale":
        # There is an earlier answer to each call that reads, and another one is right.
        resources = _with_other_tags(resources)
        workspace.write(resource=resources)
    else:
        workspace.run("destroy", "-auto-approve")
    with ExitStack() as stack:
        rules = [stack.enter_context(faults.on(call, fault, seconds=HELD_SECONDS, times=times)) for call in set(calls)]
        if fault == "stale":
            workspace.plan()
        applies = next(number for number in range(1, MOST_APPLIES) if _goes_well(workspace, cloud))
        met = sum(bool(rule.met) for rule in rules)
    # What a stale answer hid.
    if fault == "stale":
        workspace.apply()
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
    return met, applies


def _goes_well(workspace: Workspace, cloud: Cloud) -> bool:
    with suppress(Refused), apply_in(cloud.folder):
        output = workspace.run("apply", "-auto-approve", codes=(0, 1))
        assert not _NO_WORDS.search(output), output
        if "Error: " in output:
            raise Refused
        return True
    return False


def _with_other_tags(resources: Config) -> Config:
    return {
        type_: {"this": {**this["this"], **({"tags": {"a": "c"}} if "tags" in this["this"] else {})}}
        for type_, this in resources.items()
    }


def test_what_was_made_although_the_answer_was_lost(workspace: Workspace, cloud: EmbeddedCloud, tried: Tell) -> None:
    """The first apply reports that it exists, the second one continues."""
    met, applies = meet(workspace, cloud.process, "lost", few())
    tried("call: lost", met, met)
    assert (met > 5, applies) == (True, 2)


@pytest.mark.faults
@pytest.mark.parametrize("fault", [*PASSING, *DOUBTFUL, "denied", "stale"])
def test_every_call_meets_every_fault(workspace: Workspace, cloud: EmbeddedCloud, fault: Fault, tried: Tell) -> None:
    """Nearly all bundled types; the ones in doubt and those that are refused need another apply, the others none."""
    met, applies = meet(workspace, cloud.process, fault, everything(), times=2 if fault == "stale" else 1)
    tried(f"call: {fault} ({applies} applies)", met, met)
    assert met > (30 if fault == "stale" else 80)
    assert applies == 1 or fault in (*DOUBTFUL, "denied")
