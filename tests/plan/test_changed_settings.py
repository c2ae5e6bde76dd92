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
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cdktf_harness.pytest_plugin import Planner, Synthesis, Synthesizer
from cdktf_harness.synthesis.stacks import read_synthesis
from cdktf_lambda_api.image import SOURCE_DATE_EPOCH
from checkout import PROJECT
from stacks.settings import Settings


class Case(NamedTuple):
    """Another value of a setting, and what it does to resources, by construct path; all others are untouched.

    A `*` in a path stands for each route. `needs` are other settings that it is refused without.
    """

    value: Any
    actions: dict[str, str]
    needs: Mapping[str, Any] = {}


# A change of the function is a new version, to which the alias moves.
NEW_VERSION = {"api/function/function": "update", "api/function/alias": "update"}
NEW_IMAGE = {"api/image/image": "replace", **NEW_VERSION}
# What has the deployment's name in its own cannot be renamed; what has it in a tag or as a display name can.
NEW_NAME = {
    "registry/repository/repository": "replace",
    "registry/repository/lifecycle": "replace",
    "registry/repository/policy": "replace",
    "api/function/logs": "replace",
    "api/function/role": "replace",
    "api/function/write-logs": "replace",
    "api/function/function": "replace",
    "api/function/alias": "replace",
    "api/api/rest-api": "update",
    "api/api/*/integration": "update",
    "api/api/*/permission": "replace",
    "api/api/deployment": "replace",
}
WEB_ACL = "arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/name/0a1b"
MONITORING = (
    *("notifications/key", "notifications/topic", "dashboard/dashboard", "access-logs/logs", "tracing/write-traces"),
    *(f"alarms/{name}" for name in ("errors", "throttles", "duration", "api-errors", "api-latency")),
    *(
        f"queries/{name}"
        for name in ("failed-requests", "slowest-requests", "callers", "function-errors", "cold-starts")
    ),
)
MONITORED = {
    **{f"api/monitoring/{part}": "create" for part in MONITORING},
    "api/api/stage": "update",
    # Traces.
    **NEW_VERSION,
}
CASES = {
    "memory_mb": Case(256, NEW_VERSION),
    # The gateway waits as long as the function may take.
    "timeout_s": Case(
        20,
        {**NEW_VERSION, "api/api/*/integration": "update", "api/api/deployment": "replace", "api/api/stage": "update"},
    ),
    "log_retention_days": Case(30, {"api/function/logs": "update"}),
    # The provider has no update of it; the repository and its images stay.
    "rate_limit": Case(50, {"api/access/limits": "update"}),
    "burst_limit": Case(50, {"api/access/limits": "update"}),
    "reserved_concurrency": Case(5, {"api/function/function": "update"}),
    "api_key": Case(
        True,
        {
            **{f"api/access/{part}": "create" for part in ("key", "plan", "plan-key")},
            "api/api/*/method": "update",
            "api/api/deployment": "replace",
            "api/api/stage": "update",
        },
    ),
    "permissions_boundary": Case("arn:aws:iam::000000000000:policy/roles", {"api/function/role": "update"}),
    "web_acl_arn": Case(WEB_ACL, {"api/access/web-acl": "create"}),
    "monitoring": Case(True, MONITORED),
    "alarm_email": Case(
        "ops@example.com", {**MONITORED, "api/monitoring/notifications/email": "create"}, needs={"monitoring": True}
    ),
    # Of the monitoring, which is off.
    "alarm_latency_ms": Case(500, {}),
    "api_gateway_role": Case(True, {}),
    "images_kept": Case(3, {"registry/repository/lifecycle": "replace"}),
    # The image of the source stays as it is, for the next deployment without the setting.
    "image_digest": Case(f"sha256:{'1' * 64}", NEW_VERSION),
    # The function waits for it, and does not change.
    "signing_key": Case(
        "arn:aws:kms:eu-central-1:000000000000:key/1a2b",
        {
            "registry/repository/lifecycle": "replace",
            "api/signature/pushed": "create",
            "api/signature/signature": "create",
        },
    ),
    # Until a deployment names the main version.
    "canary": Case(0.1, {}),
    "canary_minutes": Case(5, {}),
    # The one that is deployed.
    "main_version": Case("1", {}),
    # It is in the tag of the next image.
    "commit": Case("1234567", {}),
    "build_args": Case({"BUILD_BASE": "other"}, NEW_IMAGE),
    "architecture": Case("x86_64", NEW_IMAGE),
    "route": Case(
        "/another",
        {
            **{f"api/api/GET-time/{part}": "delete" for part in ("method", "integration", "permission")},
            **{f"api/api/GET-another/{part}": "create" for part in ("method", "integration", "permission")},
            "api/api/resource-time": "delete",
            "api/api/resource-another": "create",
            "api/api/deployment": "replace",
            "api/api/stage": "update",
        },
    ),
    "name_prefix": Case("other", {**NEW_NAME, "api/api/stage": "update"}),
    # Terraform's plan does not show what it refuses.
    "protected": Case(
        True,
        {
            "registry/repository/repository": "update",
            'registry/kept["registry/repository/repository"]': "create",
            **{f'api/kept["api/{path}"]': "create" for path in ("function/logs", "api/rest-api", "api/stage")},
        },
    ),
    "destroy": Case("ontra-dev", {}),
    # Resources keep the region that they were made in (hashicorp/aws 6.x): another region is another deployment.
    "region": Case("us-east-1", {"registry/repository/policy": "update"}),
}
# The last is how CDKTF writes a reference until it has resolved it.
NASTY = ['${file("/etc/passwd")}', "%{if true}x%{endif}", "$${x}", "$$$${x}%%{", '"\\', "a\n\tb", "${TfToken[TOKEN.0]}"]
PIECES = ("$", "%", "{", "}", "${", "%{", "$${", '"', "\\", "\n", "é", "🙂", "TfToken[TOKEN.0]", " ")
CHOICE = random.Random(0)
OTHERS = ["".join(CHOICE.choices(PIECES, k=CHOICE.randrange(13))) for _ in range(100)]
TEXTS = {f"A{number}": text for number, text in enumerate([*NASTY, *OTHERS])}
# These say where a deployment or its state is, not what it is: another value is another deployment or another state.
AWS = {"target": "aws", "endpoint": ""}
ELSEWHERE = {
    "stage": {"stage": "anna"},
    "target": {"target": "local", "endpoint": "http://localhost:4566"},
    "endpoint": {"target": "local", "endpoint": "http://localhost:4567"},
    "state_bucket": {"state_bucket": "states"},
    "state_folder": {"state_folder": "elsewhere"},
}


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


def test_an_unchanged_setting_changes_nothing(plan: Planner) -> None:
    """Deployed stacks have converged: a second plan is empty."""
    plan.changed().assert_empty()


def test_every_setting_is_stated() -> None:
    """A new setting must say here what a change of it does."""
    assert sorted([*CASES, *ELSEWHERE]) == sorted(Settings.model_fields)


def test_build_arguments_are_not_evaluated(plan: Planner, synthesized: Mapping[str, Synthesis]) -> None:
    """Terraform plans the build with exactly the texts of the setting."""
    image = plan.changed_to(synthesized["texts"])["api/image/image"]
    assert image.after is not None
    assert image.after["build"][0]["build_args"] == {"SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH, **TEXTS}


def test_the_folder_of_the_state_is_where_it_says(synth: Synthesizer, tmp_path: Path) -> None:
    """Terraform writes the state where the setting says, and the stack that reads it finds it there."""
    folder = tmp_path / 'a "é$#%'
    stacks = synth(state_folder=str(folder))
    backend = stacks["registry"].document["terraform"]["backend"]
    (reference,) = stacks["api"].data_sources("terraform_remote_state")
    (tmp_path / "writes").mkdir()
    (tmp_path / "reads").mkdir()
    writes = {"terraform": {"backend": backend}, "output": {"said": {"value": "hello"}}}
    reads = {
        "data": {"terraform_remote_state": {"it": dict(reference.values)}},
        "output": {"said": {"value": "${data.terraform_remote_state.it.outputs.said}"}},
    }
    for name, document in {"writes": writes, "reads": reads}.items():
        (tmp_path / name / "main.tf.json").write_text(json.dumps(document))
        for command in (["init"], ["apply", "-auto-approve"], ["output", "-raw", "said"]):
            done = subprocess.run(
                [Path(sys.executable).parent / "terraform", *command],
                cwd=tmp_path / name,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        assert done.stdout == "hello"
    assert [path.name for path in folder.iterdir()] == ["terraform.dev.registry.tfstate"]
