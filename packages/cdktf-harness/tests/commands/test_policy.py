"""`aws policy` prints what a deployment may do."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import TABLE, harness

STATEMENT = """
[[deploy]]
sid = "Queue"
action = ["sqs:CreateQueue", "sqs:GetQueueAttributes"]
resource = ["arn:{partition}:sqs:{region}:{account}:{name}"]
"""


def test_a_policy_is_filled_in(project: Path) -> None:
    """With the partition, the account, the region and the settings; `tests/policy` has the policies of an app."""
    app = {"app": "python main.py", "context": {"name": "jobs", "region": "cn-north-1"}}
    (project / "cdktf.json").write_text(json.dumps(app))
    (project / "pyproject.toml").write_text(f'{TABLE}policy = "rights.toml"\n')
    (project / "rights.toml").write_text(STATEMENT)
    printed = harness(project, "aws", "policy", "--account", "123456789012", "--plan")
    (statement,) = json.loads(printed.stdout)["Statement"]
    assert statement["Action"] == ["sqs:GetQueueAttributes"]
    assert statement["Resource"] == ["arn:aws-cn:sqs:cn-north-1:123456789012:jobs"]


def test_an_app_without_a_policy(project: Path) -> None:
    """One line says what to do."""
    done = harness(project, "aws", "policy", "--account", "123456789012")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert 'add `policy = "FILE.toml"` to pyproject.toml' in done.stderr
