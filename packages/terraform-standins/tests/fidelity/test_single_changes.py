"""The plan of each recorded single change of the configuration equals that of the real providers."""

from __future__ import annotations

import pytest

from .facts import Facts
from .ledger import ACCOUNT
from .single_changes import CASES, real_facts

SECTION = "single change"


@pytest.mark.parametrize("case", CASES)
def test_single_change(single_plans: dict[str, Facts], case: str) -> None:
    """Same action, replace paths, unknown values, changed values and outputs."""
    assert not ACCOUNT.compare(SECTION, case, real_facts(case), single_plans[case])


def test_list_is_current() -> None:
    """Every listed difference of this section still exists."""
    assert not ACCOUNT.stale(SECTION)
