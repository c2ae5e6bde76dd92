"""The first plan, its state, the next plan and imports equal those of the real providers."""

from __future__ import annotations

from pathlib import Path

import pytest
from providers.running import Running

from .adapted import IMAGE, NOT_HERE, STACKS, stack
from .conftest import Created
from .facts import creation_facts, differing, drift_facts, drift_of, formed, values_facts, without
from .ledger import ACCOUNT
from .recorded import Json, recorded
from .stacks import resource_changes


def of_both(real: Json, ours: Json) -> list[str]:
    """All addresses except those that only one side can have."""
    here = {address for address in real.keys() | ours.keys() if not address.startswith("data.terraform_")}
    return sorted(here - {*NOT_HERE, IMAGE})


@pytest.mark.parametrize("name", STACKS)
def test_first_plan(created: Created, name: str) -> None:
    """The plan of a new stack: actions, known, unknown and sensitive values."""
    real = recorded(f"{name}-plan")
    ours = {address: change["change"] for address, change in resource_changes(created.plans[name]).items()}
    unlisted = []
    for address in of_both(real, ours):
        theirs, facts = (creation_facts(address, s[address]) if address in s else {} for s in (real, ours))
        unlisted += ACCOUNT.compare("first plan", name, theirs, facts)
    assert not unlisted


@pytest.mark.parametrize("name", STACKS)
def test_state(created: Created, name: str) -> None:
    """The state after the create: values, their formats, sensitive values."""
    real, ours = recorded(f"{name}-state"), created.states[name]
    unlisted = []
    for address in of_both(real, ours):
        sides = (s.get(address) for s in (real, ours))
        theirs, facts = (values_facts(address, s["values"], s["sensitive_values"]) if s else {} for s in sides)
        unlisted += ACCOUNT.compare("state", name, theirs, facts)
    assert not unlisted


@pytest.mark.parametrize("name", STACKS)
def test_plan_after(created: Created, name: str) -> None:
    """The plan after the create has no change, and its refresh finds the same as the real one."""
    plan = created.stacks[name].plan(stack(name))
    assert resource_changes(plan) == {}
    real = without(NOT_HERE, drift_facts(recorded("plan-after")[name].get("resource_drift", [])))
    assert not ACCOUNT.compare("plan after", name, real, drift_facts(drift_of(plan)))


@pytest.fixture(scope="module")
def imported(created: Created, fidelity_terraform: Running, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """The resources that Terraform imports into an empty state, by address."""
    folder: Path = tmp_path_factory.mktemp("imported")
    copy = created.stacks.copy(folder / "stacks", fidelity_terraform)
    found: Json = {}
    ids = import_ids(created)
    for name in reversed(STACKS):
        (copy[name].folder / "terraform.tfstate").unlink()
        config = stack(name)
        config["import"] = [
            {"to": address, "id": import_id} for address, import_id in ids.items() if address in created.states[name]
        ]
        plan = copy[name].plan(config)
        found |= {change["address"]: change["change"]["before"] for change in plan["resource_changes"]}
    return found


def import_ids(created: Created) -> dict[str, str]:
    """The recorded import ids, with the generated parts of this creation."""
    state = {address: resource["values"] for name in STACKS for address, resource in created.states[name].items()}
    real = {a: r["values"] for name in STACKS for a, r in recorded(f"{name}-state").items()}
    generated = {real[a]["id"]: state[a]["id"] for a in real if a in state and real[a].get("id")}
    generated = {old: new for old, new in generated.items() if old != new and len(old) == 8}
    ids = {}
    for address, entry in recorded("imports").items():
        import_id = entry["import_id"]
        for old, new in generated.items():
            import_id = import_id.replace(old, new)
        if address == "aws_sns_topic_subscription.mail":
            import_id = state[address]["id"]
        ids[address] = import_id
    return ids


def test_imports(created: Created, imported: Json) -> None:
    """Each resource is imported by the real id, and differs from a created one as with the real provider."""
    states = created.states["registry"] | created.states["api"]
    unlisted = []
    for address, entry in recorded("imports").items():
        if address in NOT_HERE or "id" not in entry:
            continue
        real = {path: [d["after_create"], d["after_import"]] for path, d in entry.get("differs", {}).items()}
        theirs = {"id": formed(entry["id"]), **{path: formed(pair) for path, pair in real.items()}}
        values = imported.get(address) or {}
        differs = differing(states[address]["values"], values, set())
        facts = {"id": formed(values.get("id")), **{path: formed(pair) for path, pair in differs.items()}}
        unlisted += ACCOUNT.compare("import", address, theirs, facts)
    assert not unlisted


def test_list_is_current(created: Created) -> None:
    """Every listed difference of these sections still exists."""
    sections = ("first plan", "state", "plan after", "import")
    assert not [where for section in sections for where in ACCOUNT.stale(section)]
