"""What a change of each setting does to a deployment: in place, replaced, or untouched.

Real Terraform plans it against deployed stacks. Each stack is planned against what is there, as by `cdktf diff`: where
a change renames the repository, the image moves once the registry stack is deployed, and these plans are before that.
"""

from __future__ import annotations

import fnmatch
import json
import random
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cdktf_harness.pytest_plugin import Planner, Synthesis
from cdktf_harness.synthesis.stacks import read_synthesis
from cdktf_lambda_api.image import SOURCE_DATE_EPOCH
from checkout import PROJECT
from setting_changes import AWS, CASES, ELSEWHERE
from stacks.settings import Settings

# The last is how CDKTF writes a reference until it has resolved it.
NASTY = ['${file("/etc/passwd")}', "%{if true}x%{endif}", "$${x}", "$$$${x}%%{", '"\\', "a\n\tb", "${TfToken[TOKEN.0]}"]
PIECES = ("$", "%", "{", "}", "${", "%{", "$${", '"', "\\", "\n", "é", "🙂", "TfToken[TOKEN.0]", " ")
CHOICE = random.Random(0)
OTHERS = ["".join(CHOICE.choices(PIECES, k=CHOICE.randrange(13))) for _ in range(100)]
TEXTS = {f"A{number}": text for number, text in enumerate([*NASTY, *OTHERS])}


@pytest.fixture(scope="module")
def synthesized(plan: Planner, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Synthesis]:
    """The stacks of all cases, and with no other setting ("default": in the cloud that is planned in; "aws").

    One process makes all of them in the time that two would take for two of them.
    """
    sandbox = plan.sandbox()
    out = tmp_path_factory.mktemp("synthesized") / "out"
    cases: dict[str, dict[str, Any]] = {"default": {}}
    cases |= {name: {name: case.value, **case.needs} for name, case in CASES.items()}
    # As JSON in a text, as a variable has it.
    cases["texts"] = {"build_args": json.dumps(TEXTS)}
    cases |= {name: {**AWS, **values} for name, values in {"aws": {}, **ELSEWHERE}.items()}
    command = [sys.executable, str(PROJECT / "tests" / "every_setting.py"), str(out)]
    env = {**sandbox.terraform.env, "PYTHONPATH": str(sandbox.app.root)}
    with ThreadPoolExecutor() as pool:
        deployed = pool.submit(plan.deployed)
        done = subprocess.run(
            command, cwd=sandbox.app.root, env=env, input=json.dumps(cases), capture_output=True, text=True
        )
        deployed.result()
    assert done.returncode == 0, done.stderr
    return {name: read_synthesis(out / name, sandbox.app.root, {}) for name in cases}


def test_they_are_what_the_app_makes(plan: Planner, synthesized: Mapping[str, Synthesis]) -> None:
    """The stacks that are planned here are those of main.py."""
    made = plan.sandbox().synthesis
    assert documents(synthesized["default"]) == documents(made)


def documents(synthesis: Synthesis) -> dict[str, Mapping[str, Any]]:
    """The JSON of each stack."""
    return {name: stack.document for name, stack in synthesis.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_changed_setting_changes_what_it_must(name: str, plan: Planner, synthesized: Mapping[str, Synthesis]) -> None:
    """Exactly the resources of the table change, with its actions."""
    paths = [block.path for block in synthesized["default"]["api"].resources()]
    expected = {
        path: action
        for pattern, action in CASES[name].actions.items()
        for path in (fnmatch.filter(paths, pattern) if "*" in pattern else [pattern])
    }
    plan.changed_to(synthesized[name]).assert_actions(expected)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_moved_deployment_is_made_of_the_same(name: str, synthesized: Mapping[str, Synthesis]) -> None:
    """For every target the stacks have the same resources; another backend changes nothing in them."""
    for stack, moved in synthesized[name].items():
        here = {block.path: block.values for block in synthesized["aws"][stack].resources()}
        there = {block.path: block.values for block in moved.resources()}
        assert here.keys() == there.keys()
        if name.startswith("state_"):
            assert here == there


def test_an_unchanged_setting_changes_nothing(plan: Planner, synthesized: Mapping[str, Synthesis]) -> None:
    """Deployed stacks have converged: a second plan is empty."""
    plan.changed_to(synthesized["default"]).assert_empty()


def test_every_setting_is_stated() -> None:
    """A new setting must say here what a change of it does."""
    assert sorted([*CASES, *ELSEWHERE]) == sorted(Settings.model_fields)


def test_build_arguments_are_not_evaluated(plan: Planner, synthesized: Mapping[str, Synthesis]) -> None:
    """Terraform plans the build with exactly the texts of the setting."""
    image = plan.changed_to(synthesized["texts"])["api/image/image"]
    assert image.after is not None
    assert image.after["build"][0]["build_args"] == {"SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH, **TEXTS}
