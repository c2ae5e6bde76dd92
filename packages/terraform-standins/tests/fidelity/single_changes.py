"""The recorded single changes; one plan has several that change different resources."""

from __future__ import annotations

from functools import cache

from .adapted import IMAGE, NOT_HERE, stack
from .facts import Facts, change_facts, output_facts, planned_change
from .recorded import Json, recorded
from .single_edits import edits
from .stacks import resource_changes

CASES = [case for case in recorded("single-changes") if edits(case, stack(case.split(":")[0])) is not None]


def real_facts(case: str) -> Facts:
    """Facts of a recorded plan."""
    recording = recorded("single-changes")[case]
    facts = {f"output {name}": unknown for name, unknown in recording.get("outputs", {}).items()}
    for change in recording["changes"]:
        if change["address"] not in NOT_HERE:
            facts |= change_facts(change["address"], change["A"], change)
    return facts


def plan_facts(plan: Json) -> Facts:
    """Facts of a plan."""
    facts = output_facts(plan.get("output_changes", {}))
    for address, change in resource_changes(plan).items():
        if address != IMAGE:
            facts |= change_facts(address, *planned_change(change))
    return facts


def batches() -> list[list[str]]:
    """All cases, those in a list with one plan.

    A change of the provider, and none at all, have one of their own; so have replacements that Terraform may find to be
    in a cycle with others.
    """
    found: list[tuple[list[str], set[str]]] = []
    for case in CASES:
        places = frozenset() if _may_cycle(case) else _places(case)
        shared = [
            batch
            for batch in found
            if places and "provider" not in places | batch[1] and batch[1] and not places & batch[1]
            if batch[0][0].split(":")[0] == case.split(":")[0]
        ]
        batch = shared[0] if shared else ([], set())
        if not shared:
            found.append(batch)
        batch[0].append(case)
        batch[1].update(places)
    return [cases for cases, _ in found]


def of_case(case: str, batch: list[str], facts: Facts) -> Facts:
    """The facts of a plan without those where another case of the batch changes something."""
    others = set[str]().union(*(_places(other) for other in batch if other != case))
    return {fact: value for fact, value in facts.items() if _place(fact) not in others}


@cache
def _places(case: str) -> frozenset[str]:
    """The addresses and outputs that a case edits or changes."""
    edited = (path.split(".") for path in edits(case, stack(case.split(":")[0])) or {})
    addresses = {
        "provider" if kind == "provider" else ".".join(name[:2] if kind == "resource" else [kind, *name[:2]])
        for kind, *name in edited
    }
    return frozenset(addresses).union(map(_place, real_facts(case)))


def _may_cycle(case: str) -> bool:
    """Whether it replaces several resources, or one that is created before its predecessor is destroyed."""
    deleted = [fact for fact, value in real_facts(case).items() if fact.endswith(" action") and "delete" in str(value)]
    return len(deleted) > 1 or any(fact.startswith("aws_api_gateway_deployment.") for fact in deleted)


def _place(fact: str) -> str:
    return fact if fact.startswith("output ") else fact.split()[0]
