"""The files of docs/adding-a-type.md add a type that works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.project import environment
from cdktf_harness.project.project import find
from terraform_standins.schemas.__main__ import overlay_path
from terraform_standins.variables import KEEP_PROVIDERS

from .running import Running
from .workspace import Workspace, imports

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-type.md").read_text()
FILES: dict[str, str] = dict(re.findall(r"`([\w./]+)`:\n```\w+\n(.*?)```", PAGE, re.S))
TYPE = "aws_cloudwatch_event_bus"
SCHEMA = f"resource.{TYPE}.json"
BUS = f"{TYPE}.this"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with the page's files."""
    root = tmp_path / "app"
    (root / "tests").mkdir(parents=True)
    (root / "cdktf.json").write_text('{"app": "python main.py"}')
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


@pytest.fixture
def own(app: Path, workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with the environment of a deployment of the app."""
    return Workspace(tmp_path, {**workspace.env, **environment.tools("bundled", find(app), tmp_path)})


@pytest.fixture
def kept_up(own: Workspace) -> Iterator[Workspace]:
    """The same with a Terraform and providers that stay up."""
    terraform = Running(own.folder)
    yield Workspace(own.folder, own.env, terraform)
    terraform.close()


def resources(told: str) -> dict[str, Any]:
    """A bus."""
    return {TYPE: {"this": {"name": "orders", "description": told, "tags": {"team": "shop"}}}}


def run(module: list[str], *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a module of the stand-ins."""
    command = [sys.executable, "-m", ".".join(["terraform_standins", *module]), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_page_names_all_keys() -> None:
    """The page's table has all keys and checks that the overlays use."""
    used: set[str] = set()
    for overlay in overlay_path("x").parent.glob("*.json"):
        for keys in json.loads(overlay.read_text())["paths"].values():
            used |= keys.keys() | {key for check in keys.get("checks", ()) for key in check}
    table = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert used - set(re.findall(r"`(\w+)`", "".join(table))) == set()


def test_schema_is_written_beside_the_class(tmp_path: Path) -> None:
    """The page's command writes it, without the additions by hand; it never overwrites a file."""
    command = re.findall(r"python -m terraform_standins.schemas (.*?)`", PAGE)[0].split()
    assert run(["schemas"], *command, cwd=tmp_path).returncode == 0
    schema = json.loads(FILES[SCHEMA])
    for key in ("force_new", "checks"):
        del schema["block"]["attributes"]["name"][key]
    assert json.loads((tmp_path / SCHEMA).read_text()) == schema
    again = run(["schemas"], *command, cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "exists already" in again.stderr


def test_type_works(kept_up: Workspace, aws: Callable[[str], Any]) -> None:
    """Create, update, repair drift, import and destroy."""
    kept_up.converge(resource=resources("a"))
    assert kept_up.actions(resource=resources("b")) == {BUS: ["update"]}
    kept_up.run("apply", "plan")
    events = aws("events")
    bus = events.describe_event_bus(Name="orders")
    assert bus["Description"] == "b"
    assert events.list_tags_for_resource(ResourceARN=bus["Arn"])["Tags"] == [{"Key": "team", "Value": "shop"}]
    events.delete_event_bus(Name="orders")
    assert kept_up.actions() == {BUS: ["create"]}
    kept_up.run("apply", "plan")
    kept_up.run("state", "rm", BUS)
    assert kept_up.plan(resource=resources("b"), **imports({BUS: "orders"})) == {}
    kept_up.run("apply", "plan")
    kept_up.run("destroy", "-auto-approve")
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_event_bus(Name="orders")


def test_list_has_it(own: Workspace) -> None:
    """It is in the list in the harness' environment, and in no other."""
    line = f"resource {TYPE}"
    assert line in run([], "list", env=own.env).stdout.splitlines()
    assert line not in run([], "list").stdout.splitlines()


@pytest.mark.parametrize("kept", ["0", "1"], ids=["started by Terraform", "kept"])
def test_bundled_type_is_not_replaced(app: Path, own: Workspace, kept: str) -> None:
    """One line names the type, however the provider was started."""
    (app / "my_types.py").write_text(FILES["my_types.py"].replace(TYPE, "aws_sqs_queue"))
    own.write(resource=resources("a"))
    told = "my_types: the bundled aws provider has resource aws_sqs_queue already: remove it from TYPES"
    assert told in Workspace(own.folder, {**own.env, KEEP_PROVIDERS: kept}).fails("plan")
    listed = run([], "list", env=own.env)
    assert (listed.returncode, listed.stderr) == (1, f"error: {told}\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("my_types.py", "Calls, T", "NOTHING, T", "load my_types, .*: ImportError: cannot import name 'NOTHING'"),
        ("my_types.py", 'Calls.of("event_bus"', 'Calls.of("event_but"', "events has no method create_event_but: fix"),
        ("my_types.py", "TYPES =", "TYPE =", "load my_types, .*: AttributeError: .* has no attribute 'TYPES'"),
        (SCHEMA, '"force_new"', '"force"', f"{SCHEMA} is not a schema: TypeError: .* 'force'"),
        (
            "my_types.py",
            'event_bus"',
            'event_hub"',
            r"resource.aws_cloudwatch_event_hub.json is missing: `python -m .*` w",
        ),
    ],
    ids=["import", "no such call", "no TYPES", "bad schema", "no schema"],
)
def test_a_mistake_is_reported(app: Path, own: Workspace, file: str, old: str, new: str, told: str) -> None:
    """Terraform's output has the error of the module."""
    (app / file).write_text(FILES[file].replace(old, new))
    assert re.search(told, own.fails("plan", resource=resources("a")))
