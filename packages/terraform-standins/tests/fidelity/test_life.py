"""Changes, drift, its repair and the destroy are as with the real providers.

They were recorded one after the other on one deployment. So each of these tests continues where the last one ended,
the first after the tests of the creation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from .adapted import IMAGE, NOT_HERE, STACKS, edit, stack
from .conftest import Created
from .facts import (
    Facts,
    change_facts,
    differing,
    drift_facts,
    drift_of,
    formed,
    leaves,
    output_facts,
    planned_change,
    without,
)
from .ledger import ACCOUNT
from .recorded import Json, recorded
from .sequence import APPLIED, BACK, DIGEST_AFTER, DRIFT, cause_drift
from .stacks import Stacks, resource_changes

ELSEWHERE = (*NOT_HERE, IMAGE)
# Drift that was planned but not repaired, because the next one adds to it.
PLANNED_ONLY = ("1. function deleted", "2. function and stage deleted")


class Life:
    """A deployment and its current configuration."""

    def __init__(self, stacks: Stacks, aws: Callable[[str], Any]) -> None:
        self.stacks = stacks
        self.aws = aws
        self.config = {name: stack(name) for name in STACKS}

    def plan(self, name: str, *options: str) -> Json:
        """Plan the current configuration."""
        return self.stacks[name].plan(self.config[name], *options)


@pytest.fixture(scope="module")
def life(created: Created, fidelity_aws: Callable[[str], Any]) -> Life:
    """The created stacks, which only these tests change: they are the last."""
    return Life(created.stacks, fidelity_aws)


def errors(events: list[Json]) -> list[str]:
    """Summaries of the errors."""
    return [e["diagnostic"]["summary"] for e in events if e["type"] == "diagnostic"]


def plan_facts(plan: Json) -> Facts:
    """The changes of a plan, without the values."""
    facts: Facts = {}
    for address, change in resource_changes(plan).items():
        action, details = planned_change(change)
        why = None if action == "read" else details["why"]
        facts |= change_facts(address, action, {**details, "changed": {}, "why": why})
    return without(ELSEWHERE, facts)


def recorded_plan(changes: list[Json]) -> Facts:
    """The same of a recorded plan, of either form."""
    facts: Facts = {}
    for change in changes:
        why = change.get("why") or change.get("action_reason") or ""
        details = {
            "why": None if why.startswith(("replace_because_cannot_update", "read_")) else why,
            "replace": change.get("replace") or change.get("replace_paths"),
            "unknown": change.get("unknown") or change.get("known_after_apply") or (),
        }
        facts |= change_facts(change["address"], change.get("A") or "+".join(change["actions"]), details)
    return without(ELSEWHERE, facts)


def event_facts(events: list[Json]) -> Facts:
    """The actions of an apply, in any order."""
    done = [e["hook"] for e in events if e["type"] == "apply_complete"]
    done = [hook for hook in done if hook["action"] != "read"]
    facts = {f"{hook['resource']['addr']} applied {hook['action']}": True for hook in done}
    return without(ELSEWHERE, facts) | {f"error {i}": summary for i, summary in enumerate(errors(events))}


def recorded_events(recording: Json) -> Facts:
    """The same of a recorded apply."""
    facts = {f"{event[2]} applied {event[1]}": True for event in recording["events"]}
    summaries = [d["summary"] for d in recording.get("diagnostics", ())]
    return without(ELSEWHERE, facts) | {f"error {i}": summary for i, summary in enumerate(summaries)}


def state_facts(plan: Json, after: Json) -> Facts:
    """The changes of an apply in the refreshed state, for resources that exist before and after it."""
    resources = plan["prior_state"]["values"]["root_module"]["resources"]
    before = {resource["address"]: resource["values"] for resource in resources}
    facts: Facts = {}
    for address in before.keys() & after.keys():
        changed = differing(before[address], after[address], set())
        facts |= {f"{address} state {path}": formed(pair) for path, pair in changed.items()}
    return without(ELSEWHERE, facts)


def recorded_state(recording: Json) -> Facts:
    """The same as recorded."""
    changes = recording["state"].items()
    facts = {f"{a} state {path}": formed(pair) for a, changed in changes for path, pair in changed.items()}
    return without(ELSEWHERE, facts)


def await_another_second(attributes: dict[str, Json]) -> None:
    """Wait for the next second: new objects must get another creation time, and APIs have whole seconds."""
    texts = [value for _, value in leaves(attributes) if formed(value) == "{seconds}"]
    last = max(datetime.fromisoformat(text).timestamp() for text in texts)
    while time.time() < last + 1:
        time.sleep(0.05)


@pytest.mark.parametrize("case", [*APPLIED, BACK])
def test_applied_change(life: Life, case: str) -> None:
    """The plan, the actions and the state; the next plan would have any remaining change."""
    life.config["api"] = stack("api") if case == BACK else edit(life.config["api"], APPLIED[case])
    if case == BACK:
        life.config["api"]["resource"]["terraform_data"]["pushed"]["input"] = DIGEST_AFTER
    recording = recorded("applied-changes")[case]
    plan = life.plan("api")
    if ["{seconds}", "{seconds}"] in recorded_state(recording).values():
        await_another_second(life.stacks["api"].attributes())
    events = life.stacks["api"].apply()
    real = recorded_plan(recording["plan"]) | recorded_events(recording) | recorded_state(recording)
    ours = plan_facts(plan) | event_facts(events) | state_facts(plan, life.stacks["api"].attributes())
    if recording["plan_after"] != "no changes":
        real |= {f"then {k}": v for k, v in recorded_plan(recording["plan_after"]).items()}
        ours |= {f"then {k}": v for k, v in plan_facts(life.plan("api")).items()}
        life.stacks["api"].apply()
    assert not ACCOUNT.compare("applied change", case, real, ours)


@pytest.mark.parametrize("case", DRIFT)
def test_drift(life: Life, case: str) -> None:
    """A refresh finds the drift, and an apply repairs it."""
    cause_drift(life.aws, case)
    unlisted = []
    for name, recording in recorded("drift")[case].items():
        # The pushed image was in the repository; what stands for it here has to be told so.
        pushed_again = name == "api" and "repository" in case
        plan = life.plan(name, *([f"-replace={IMAGE}"] if pushed_again else ()))
        real = recorded_plan(recording["resource_changes"]) | without(ELSEWHERE, gone(recording["resource_drift"]))
        real |= {f"output {o}": c["known_after_apply"] for o, c in recording.get("output_changes", {}).items()}
        ours = plan_facts(plan) | without(ELSEWHERE, gone(drift_of(plan))) | output_facts(plan["output_changes"])
        if case not in PLANNED_ONLY:
            done = event_facts(life.stacks[name].apply())
            real |= recorded_events(recorded("drift")[f"{case}: then apply"][name])
            ours |= done
        unlisted += ACCOUNT.compare("drift", f"{case}: {name}", real, ours)
    assert not unlisted


def gone(drift: list[Json]) -> Facts:
    """Drift without the new values of empty and null attributes, which the first refresh after an apply finds."""
    facts = drift_facts(drift)
    return {name: fact for name, fact in facts.items() if fact == "gone" or fact[0] not in (None, [], {}, "")}


def test_destroy(life: Life) -> None:
    """The last plan is empty; a destroy deletes the same resources, and leaves nothing."""
    assert [resource_changes(life.plan(name)) for name in STACKS] == [{}, {}]
    unlisted = []
    for name in reversed(STACKS):
        life.plan(name, "-destroy")
        done = event_facts(life.stacks[name].apply())
        real = without(ELSEWHERE, {f"{address} applied delete": True for address in recorded("destroy")[name]})
        unlisted += ACCOUNT.compare("destroy", name, real, done)
        assert life.stacks[name].attributes() == {}
    assert not unlisted
    assert life.aws("lambda").list_functions()["Functions"] == []
    assert life.aws("apigateway").get_rest_apis()["items"] == []
    assert life.aws("iam").list_roles()["Roles"] == []


def test_list_is_current() -> None:
    """Every listed difference of these sections still exists."""
    assert not [where for section in ("applied change", "drift", "destroy") for where in ACCOUNT.stale(section)]
