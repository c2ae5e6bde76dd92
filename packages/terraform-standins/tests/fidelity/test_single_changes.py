"""The plan of each recorded single change of the configuration equals that of the real providers."""

from __future__ import annotations

import pytest

from .adapted import IMAGE, NOT_HERE, stack
from .facts import Facts, change_facts, output_facts, planned_change
from .ledger import ACCOUNT
from .recorded import Json, recorded
from .single_edits import edits
from .stacks import resource_changes

SECTION = "single change"
CASES = [case for case in recorded("single-changes") if edits(case, stack(case.split(":")[0])) is not None]


def plan_facts(plan: Json) -> Facts:
    """Facts of a plan."""
    facts = output_facts(plan.get("output_changes", {}))
    for address, change in resource_changes(plan).items():
        if address != IMAGE:
            facts |= change_facts(address, *planned_change(change))
    return facts


def real_facts(recording: Json) -> Facts:
    """Facts of a recorded plan."""
    facts = {f"output {name}": unknown for name, unknown in recording.get("outputs", {}).items()}
    for change in recording["changes"]:
        if change["address"] not in NOT_HERE:
            facts |= change_facts(change["address"], change["A"], change)
    return facts


@pytest.mark.parametrize("case", CASES)
def test_single_change(single_plans: dict[str, Json], case: str) -> None:
    """Same action, replace paths, unknown values, changed values and outputs."""
    real = real_facts(recorded("single-changes")[case])
    assert not ACCOUNT.compare(SECTION, case, real, plan_facts(single_plans[case]))


def test_list_is_current() -> None:
    """Every listed difference of this section still exists."""
    assert not ACCOUNT.stale(SECTION)
