"""The `plan` fixture on the tiny app, with real Terraform and the embedded cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdktf_harness.pytest_plugin import Planner
from cdktf_harness.synthesis.app import find_app
from cdktf_harness.system.progress import Steps

from .conftest import APP


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """The tiny app's plans."""
    planner = Planner(find_app(APP), tmp_path_factory.mktemp("plan"), Steps())
    yield planner
    planner.close()


def test_a_first_plan_follows_a_deployment_of_its_dependencies(plan: Planner) -> None:
    """So only values of this stack are unknown."""
    changes = plan("access")
    assert changes.actions == {"access/writer/role": "create", "access/writer/policy": "create"}
    role = changes["access/writer/role"]
    assert {"arn", "id", "unique_id"} <= set(role.unknown)
    assert role.after is not None
    assert role.after["tags"] == {"App": "tiny"}
    assert role.source.startswith("main.py:")
    assert list(APP.glob("*tfstate*")) == []


def test_a_changed_setting_is_an_update(plan: Planner) -> None:
    """With the values before and after; unchanged resources are absent."""
    changes = plan.changed(days=30)
    changes.assert_actions({"logs/app/group": "update"})
    assert changes["logs/app/group"].changed == {"retention_in_days": (7, 30)}
    with pytest.raises(AssertionError) as failure:
        changes.assert_actions({"logs/app/group": "replace", "access/writer/role": "update"})
    text = str(failure.value)
    assert "logs/app/group: expected replace, is update" in text
    assert "retention_in_days: 7 -> 30" in text
    assert "access/writer/role: expected update, is untouched" in text
    with pytest.raises(AssertionError, match="no change expected, but what would change:\nlogs/app/group: update"):
        changes.assert_empty()


def test_a_replacement_has_its_reasons(plan: Planner) -> None:
    """The arguments that force it, and Terraform's reason."""
    group = plan.changed(name="other")["logs/app/group"]
    assert (group.action, group.reason, group.replaced_by) == ("replace", "replace_because_cannot_update", ("name",))
