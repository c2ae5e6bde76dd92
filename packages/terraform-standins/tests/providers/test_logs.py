"""Create, change, import and destroy a log group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .workspace import Workspace

Aws = Callable[[str], Any]
ADDRESS = "aws_cloudwatch_log_group.this"


def write(workspace: Workspace, **arguments: Any) -> None:
    """Write a configuration with a log group."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": arguments}})


def test_life(workspace: Workspace, aws: Aws) -> None:
    """The state has the real provider's values; retention and tags change in place, the class replaces."""
    write(workspace, name="/a/b", retention_in_days=14)
    workspace.apply()
    assert workspace.state(ADDRESS) == {
        "arn": "arn:aws:logs:eu-central-1:000000000000:log-group:/a/b",
        "deletion_protection_enabled": False,
        "id": "/a/b",
        "kms_key_id": "",
        "log_group_class": "STANDARD",
        "name": "/a/b",
        "name_prefix": "",
        "region": "eu-central-1",
        "retention_in_days": 14,
        "skip_destroy": False,
        "tags": None,
        "tags_all": {},
    }
    write(workspace, name="/a/b", tags={"A": "b"})
    change = workspace.plan()[ADDRESS]
    assert (change["actions"], change["after"]["retention_in_days"]) == (["update"], 0)
    workspace.converge()
    logs = aws("logs")
    (there,) = logs.describe_log_groups()["logGroups"]
    assert "retentionInDays" not in there
    write(workspace, name="/a/b", log_group_class="INFREQUENT_ACCESS")
    assert workspace.plan()[ADDRESS]["replace_paths"] == [["log_group_class"]]

    logs.delete_log_group(logGroupName="/a/b")
    assert workspace.plan()[ADDRESS]["actions"] == ["create"]


def test_skip_destroy_and_import(workspace: Workspace, aws: Aws) -> None:
    """With skip_destroy a destroy keeps the group; it can be imported again by its name."""
    write(workspace, name_prefix="kept-", skip_destroy=True)
    workspace.apply()
    name = workspace.state(ADDRESS)["name"]
    assert (name[:5], len(name)) == ("kept-", 31)
    workspace.run("destroy", "-auto-approve")
    assert [group["logGroupName"] for group in aws("logs").describe_log_groups()["logGroups"]] == [name]
    workspace.run("import", ADDRESS, name)
    assert workspace.state(ADDRESS)["name_prefix"] == "kept-"
    assert workspace.plan()[ADDRESS]["after"]["skip_destroy"] is True


def test_already_there(workspace: Workspace, aws: Aws) -> None:
    """AWS's error comes at once, in the real provider's words."""
    aws("logs").create_log_group(logGroupName="/there")
    write(workspace, name="/there")
    assert (
        "Error: creating CloudWatch Logs Log Group (/there): operation error CloudWatch Logs: CreateLogGroup, "
        "https response error StatusCode: 400, RequestID:"
    ) in workspace.fails("apply", "-auto-approve")
