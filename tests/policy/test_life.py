"""The whole life of a deployment, for real, as principals that have nothing but a policy of policy.toml."""

from __future__ import annotations

import json

import pytest

from cdktf_harness.cloud.permissions.decisions import Decision
from policy.life import CHANGED, STEPS, Life
from policy.recorded import FILE, written

pytestmark = [pytest.mark.docker, pytest.mark.life]


def test_a_deployment_lives_with_its_policy_alone(life: Life, pytestconfig: pytest.Config) -> None:
    """Each command ends well; the calls are those from which the short form tests each action."""
    life.principal("administrator", life.policy("bootstrap"))
    life.principal("deployer", life.policy("deploy"))
    calls: dict[str, list[Decision]] = {}

    def step(name: str, who: str, *command: str, **settings: str) -> None:
        done = life.run(who, *command, **settings)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        calls[name] = [*calls.get(name, []), *life.decisions(who)]
        assert [call for call in calls[name] if not call.allowed] == []

    step("bootstrap", "administrator", "bootstrap")
    step("bootstrap", "administrator", "bootstrap")
    step("build", "deployer", "up")
    life.app.edit("lambda_image/app.py", "current epoch time", "changed epoch time")
    step("build after a change", "deployer", "up", **CHANGED)
    step("rollback", "deployer", "rollback", **CHANGED)
    step("destroy", "deployer", "down", **CHANGED)
    assert tuple(calls) == STEPS
    now = written(calls)
    if pytestconfig.option.update_snapshots:
        FILE.write_text(now)
    assert json.loads(FILE.read_text()) == json.loads(now)
