"""`aws policy` prints what a deployment may do."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import TABLE, harness

STATEMENTS = """
[[deploy]]
sid = "Queue"
action = ["sqs:CreateQueue", "sqs:GetQueueAttributes"]
resource = ["arn:{partition}:sqs:{region}:{account}:{name}"]

[[deploy]]
sid = "Topic"
setting = "alarms"
action = ["sns:GetTopicAttributes"]
resource = ["*"]

[[deploy]]
sid = "Call"
setting = "share"
action = ["lambda:GetFunction"]
resource = ["*"]
"""


def test_a_policy_is_filled_in(project: Path) -> None:
    """With the account, the region and the settings; without what no setting asks for."""
    settings = {"name": "jobs", "alarms": False, "share": 0.0, "region": "cn-north-1"}
    app = {"language": "python", "app": "python main.py", "projectId": "x", "context": settings}
    (project / "cdktf.json").write_text(json.dumps(app))
    (project / "pyproject.toml").write_text(f'{TABLE}policy = "rights.toml"\n')
    (project / "rights.toml").write_text(STATEMENTS)
    printed = harness(project, "aws", "policy", "--account", "123456789012", "--plan")
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout)["Statement"] == [
        {
            "Sid": "Queue",
            "Effect": "Allow",
            "Action": ["sqs:GetQueueAttributes"],
            "Resource": ["arn:aws-cn:sqs:cn-north-1:123456789012:jobs"],
        }
    ]


def test_an_app_without_a_policy(project: Path) -> None:
    """One line says what to do."""
    done = harness(project, "aws", "policy", "--account", "123456789012")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert 'add `policy = "FILE.toml"` to pyproject.toml' in done.stderr
