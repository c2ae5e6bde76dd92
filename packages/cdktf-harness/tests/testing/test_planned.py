"""The `plan` fixture on the tiny app, with real Terraform and the embedded cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdktf_harness.pytest_plugin import Planner
from cdktf_harness.synthesis.app import find_app
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.system.progress import Steps

from .conftest import APP, TinyProject


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """The tiny app's plans."""
    planner = Planner(find_app(APP), tmp_path_factory.mktemp("plan"), Steps())
    yield planner
    planner.close()


def test_a_first_plan_has_what_it_depends_on_deployed(plan: Planner) -> None:
    """The other stack is deployed, so only values of this one are unknown."""
    changes = plan("access")
    assert changes.actions == {"access/writer/role": "create", "access/writer/policy": "create"}
    role = changes["access/writer/role"]
    assert {"arn", "id", "unique_id"} <= set(role.unknown)
    assert role.after is not None
    assert role.after["tags"] == {"App": "tiny"}
    assert role.source.startswith("main.py:")


def test_a_changed_setting_is_one_call(plan: Planner) -> None:
    """In place, with the values before and after; what did not change is not mentioned."""
    changes = plan.changed(days=30)
    changes.assert_actions({"logs/app/group": "update"})
    assert changes["logs/app/group"].changed == {"retention_in_days": (7, 30)}


def test_a_replacement_has_its_reasons(plan: Planner) -> None:
    """The arguments that force it, and Terraform's reason."""
    group = plan.changed(name="other")["logs/app/group"]
    assert (group.action, group.reason, group.replaced_by) == ("replace", "replace_because_cannot_update", ("name",))


def test_a_wrong_expectation_shows_what_would_happen(plan: Planner) -> None:
    """The construct path, expected and actual action, and the values that make the difference."""
    with pytest.raises(AssertionError) as failure:
        plan.changed(days=30).assert_actions({"logs/app/group": "replace", "access/writer/role": "update"})
    text = str(failure.value)
    assert "logs/app/group: expected replace, is update" in text
    assert "retention_in_days: 7 -> 30" in text
    assert "access/writer/role: expected update, is untouched" in text
    with pytest.raises(AssertionError, match="no change expected, but what would change:\nlogs/app/group: update"):
        plan.changed(days=30).assert_empty()


def test_the_apps_own_state_is_left_alone(plan: Planner) -> None:
    """An app without a backend keeps its state in its folder: the plan's is in a copy."""
    plan("access")
    assert list(APP.glob("*tfstate*")) == []


def test_an_error_of_terraform_is_whole_and_names_the_construct(project: TinyProject) -> None:
    """Terraform's message, the construct path, and the source line of the resource."""
    project.edit('name=f"/{name}/app"', 'name="not allowed"')
    planner = Planner(find_app(project.root), project.root.parent / "plan", Steps())
    try:
        with pytest.raises(CommandFailed) as failure:
            planner("logs")
    finally:
        planner.close()
    text = str(failure.value)
    assert "terraform plan of stack logs" in text
    assert "(logs/app/group, made in main.py:" in text
    assert "Error: " in failure.value.tail
    assert "on cdk.tf.json line" in failure.value.tail
    assert " is logs/app/group, made in main.py:" in failure.value.tail
