"""The page that shows how to add a type: it adds one that works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdktf_harness.providers.aws import sqs_policy
from cdktf_harness.providers.schemas.__main__ import overlay_path

from .workspace import Workspace, imports

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-type.md").read_text()
POLICY = "aws_sqs_queue_policy.this"


def blocks(language: str) -> list[str]:
    """The page's blocks of code in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


def test_page_shows_the_files() -> None:
    """The two files are on the page as they are in the harness, and the class takes 30 lines at most."""
    (code,) = blocks("python")
    assert code == Path(sqs_policy.__file__).read_text()
    assert len([line for line in code.splitlines() if line.strip() and '"""' not in line]) <= 30
    assert blocks("json")[0] == overlay_path("resource.aws_sqs_queue_policy").read_text()


def test_page_names_all_keys() -> None:
    """The table of an overlay's keys has every key and every kind of check that an overlay uses."""
    used: set[str] = set()
    for overlay in overlay_path("x").parent.glob("*.json"):
        for keys in json.loads(overlay.read_text())["paths"].values():
            used |= keys.keys() | {key for check in keys.get("checks", ()) for key in check}
    table = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert used - set(re.findall(r"`(\w+)`", "".join(table))) == set()


def test_type_works(workspace: Workspace, aws: Callable[[str], Any]) -> None:
    """The page's configuration: applied, changed, put right after drift, imported, taken away."""
    resources = json.loads(blocks("json")[1])["resource"]
    workspace.write(resource=resources)
    workspace.apply()
    assert workspace.plan() == {}
    url = workspace.state(POLICY)["id"]
    this = resources["aws_sqs_queue_policy"]["this"]
    this["policy"] = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}]}'
    workspace.write(resource=resources)
    assert workspace.actions() == {POLICY: ["update"]}
    workspace.run("apply", "plan")
    queues = aws("sqs")
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert workspace.actions() == {POLICY: ["create"]}
    workspace.run("apply", "plan")
    workspace.run("state", "rm", POLICY)
    workspace.write(resource=resources, **imports({POLICY: url}))
    assert workspace.plan() == {}
    workspace.run("apply", "plan")
    del resources["aws_sqs_queue_policy"]
    workspace.write(resource=resources)
    workspace.apply()
    assert "Policy" not in queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
