"""Commands that read the synthesized stacks alone: `cost`, and `policy --function`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plain_app
import pytest
from commands.running import completed, write_app

from cdktf_harness.commands.offline import synthesized
from cdktf_harness.deployment.aws.iam_policy import function_policy
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError
from checkout import PROJECT

JOBS = PROJECT / "examples" / "jobs"


def cost(root: Path, *arguments: str, **env: str) -> Any:
    """Return what the command prints as JSON."""
    done = completed(root, "cost", "--json", *arguments, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("root", "env", "month", "million"),
    [
        (PROJECT, {"ONTRA_STAGE": "dev"}, 0, 3.50 + 0.50 + 0.20 + 13.3334 / 8 / 100),
        (PROJECT, {"ONTRA_STAGE": "prod"}, 6 * 0.10 + 3 + 1, 3.50 + 0.25 + 2 * 0.50 + 0.20 + 13.3334 / 8 / 100),
        (
            JOBS,
            {},
            12 * 0.10 + 3 + 1 + 0.40,
            3.50 + 0.25 + 3 * 0.50 + 0.75 + 5.40 + 3 * 1.20 + 2 * (0.20 + 16.6667 / 8 / 100),
        ),
    ],
    ids=("dev", "prod", "jobs"),
)
def test_the_figures_of_constructs_add_up(root: Path, env: dict[str, str], month: float, million: float) -> None:
    """With functions that take 10 ms; all constructs have a price or cost nothing."""
    found = cost(root, "--ms", "10", **env)
    assert found["unknown"] == []
    assert sum(one["month"] for one in found["costs"]) == pytest.approx(month)
    assert sum(one["million"] for one in found["costs"]) == pytest.approx(million)


def test_what_has_no_price_is_listed(tmp_path: Path) -> None:
    """A type that the table lacks, and an argument that only Terraform knows. The table has the sum of the others."""
    unpriced = {"aws_instance": {"one": {}}, "aws_lambda_function": {"two": {"memory_size": "${var.memory}"}}}
    resources = {**unpriced, "aws_kms_key": {"three": {}, "four": {}}}
    files = plain_app.files(f"synth({{'app': {{'resource': {resources!r}}}}})\n", "app")
    root = write_app(tmp_path / "app", files)
    found = cost(root)
    unknown = ["aws_instance.one (aws_instance)", "aws_lambda_function.two (aws_lambda_function)"]
    assert ([one["month"] for one in found["costs"]], found["unknown"]) == ([1, 1], unknown)
    printed = completed(root, "cost", env={}).stdout.splitlines()
    assert ["together", "2.00", "0.00"] in [line.split() for line in printed]
    assert "us-east-1" in printed[-1]


@pytest.mark.slow
def test_the_rights_of_one_function() -> None:
    """By its name or its construct; the other one of two has others. A function that does not exist is one line."""
    done = completed(JOBS, "aws", "policy", "--function", "jobs-api", env={})
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    rights = {action: entry["Resource"] for entry in found["Statement"] for action in entry["Action"]}
    assert rights["sqs:SendMessage"] == "${jobs/queue/queue.arn}"
    assert rights["logs:PutLogEvents"] == "${jobs/api/logs.arn}:*"
    assert not {"sqs:ReceiveMessage", "dynamodb:PutItem"} & rights.keys()
    stacks = synthesized(find(JOBS)).values()
    assert function_policy(stacks, "api") == found
    with pytest.raises(HarnessError, match=r"^there is no function 'missing': name one of jobs-api, jobs-worker$"):
        function_policy(stacks, "missing")
