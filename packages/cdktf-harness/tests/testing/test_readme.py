"""The tutorial of the README works in a new project; the reference is complete.

`pytest --snapshot-update` on this file writes the tables of commands, fixtures and options from the code.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, cast

import pytest
import typer

from cdktf_harness.commands import cli
from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin import cloud, fixtures, options

from .conftest import TinyProject

PACKAGE = Path(__file__).parents[2]
README, REFERENCE = PACKAGE / "README.md", PACKAGE / "docs" / "reference.md"
COMMON = ("verbose", "json_", "port", "undo")
FILES = ("main.py", "cdktf.json", "pyproject.toml", "tests/test_app.py")


RECIPES = """
import pytest
from dataclasses import dataclass
from threading import Timer

"""


def test_the_recipes_for_the_cloud_alone(tmp_path: Path) -> None:
    """Without an app, a table and a Docker engine; a second run skips a stage of one."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    section = REFERENCE.read_text().split("### Without an app\n")[1]
    for name, text in re.findall(r"^```python\n# (\S+)\n(.*?)^```$", section, re.M | re.S)[:2]:
        (tmp_path / name).write_text(text)
    project, tests = TinyProject(tmp_path), RECIPES + _recipes("In the cloud alone")
    run = project.run(tests, DOCKER_HOST="unix:///nowhere.sock")
    assert run.code == 0, run.output
    run.shows("7 passed")
    again = project.run(tests, "--cdktf-skip", "fill", "--cdktf-skip", "fil", "-k", "long")
    again.shows("1 passed", "--cdktf-skip fil: no test of this run has this stage")


def test_the_tutorial_and_the_recipes_on_its_app(tmp_path: Path) -> None:
    """App, table and tests are those of the README; the report of coverage names what they inspect."""
    for name in FILES:
        # Beside the recipes.
        path = tmp_path / name.replace("tests/test_app.py", "test_tutorial.py")
        path.write_text(_file(name))
    run = TinyProject(tmp_path).run(RECIPES + _recipes("On an app"), "--cdktf-coverage")
    assert run.code == 0, run.output
    run.shows("8 passed", "inspected: 1 of 1 resources, 2 of 2 arguments")
    assert "queue/jobs/queue" in (tmp_path / ".cdktf-harness" / "coverage.html").read_text()


def _recipes(heading: str) -> str:
    section = REFERENCE.read_text().split(f"### {heading}\n")[1].split("\n##")[0]
    return "\n\n".join(re.findall(r"^```python\n(.*?)^```$", section, re.M | re.S))


def test_the_reference_matches_the_code(pytestconfig: pytest.Config) -> None:
    """The rows of commands, fixtures and options are their docstrings and help."""
    text = expected = REFERENCE.read_text()
    for heading, rows in (("Commands", _commands()), ("Fixtures", _fixtures()), ("Options", _options())):
        before, section = expected.split(f"\n## {heading}\n")
        head, separator, rest = section.partition("\n|---|---|\n")
        expected = "".join([before, f"\n## {heading}\n", head, separator, *rows, re.sub(r"^(\|.*\n)*", "", rest)])
    if pytestconfig.getoption("update_snapshots"):
        REFERENCE.write_text(expected)
    else:
        assert text == expected


def test_the_reference_has_every_key_of_the_table() -> None:
    """Each with its default."""
    section = REFERENCE.read_text().split("## The table\n")[1].split("\n### ")[0]
    keys = [key for key in fields(Project) if key.name not in ("root", "context", "given", "whole")]
    defaults = {key.name: f"`{key.default}`" if key.default not in ((), "", MISSING) else "" for key in keys}
    rows = {name: default.strip() for name, default in re.findall(r"^\| `(\w+)` \|(.*?)\|", section, re.M)}
    assert rows == {**defaults, "stacks": "all", "root": "the git repository"}


def _file(name: str) -> str:
    """The block whose first line names the file, without that line where the format has no comments."""
    (block,) = re.findall(rf"^```\w+\n((?:#|//) {re.escape(name)}\b.*?)^```$", README.read_text(), re.M | re.S)
    return str(block.partition("\n")[2] if block.startswith("//") else block)


def _row(*cells: str) -> str:
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).strip() for cell in cells) + " |\n"


def _commands() -> Iterator[str]:
    group: Any = typer.main.get_command(cli.app)
    aws = group.commands["aws"]
    # A daily command is the same in both groups.
    own = {name: command for name, command in aws.commands.items() if command.help != _help(group.commands.get(name))}
    for name, command in {**group.commands, **{f"aws {name}": command for name, command in own.items()}}.items():
        if command is not aws and not command.hidden:
            shown = [_parameter(each) for each in command.params if each.name not in COMMON and _help(each)]
            yield _row(f"`{name}`", " ".join([command.help, *shown]))


def _help(command: Any) -> str:
    return command.help if command else ""


def _parameter(parameter: Any) -> str:
    name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.name.upper()
    return f"`{name}`: {parameter.help}"


def _fixtures() -> Iterator[str]:
    for function in (node for module in (cloud, fixtures) for node in ast.parse(inspect.getsource(module)).body):
        if isinstance(function, ast.FunctionDef) and function.decorator_list:
            bold = "**" if "scope='session'" in ast.unparse(function.decorator_list[0]) else ""
            kind = re.sub(r"^Iterator\[(.*)\]$", r"\1", ast.unparse(cast("ast.expr", function.returns)))
            yield _row(f"{bold}`{function.name}`{bold} (`{kind}`)", ast.get_docstring(function) or "")


def _options() -> Iterator[str]:
    class Declared:
        def getgroup(self, *_: str) -> Declared:
            return self

        def addoption(self, name: str, **how: Any) -> None:
            rows.append(
                _row(f"`{name} {how.get('metavar', '/'.join(how.get('choices', ())))}".rstrip() + "`", how["help"])
            )

    rows: list[str] = []
    options.add_options(cast("pytest.Parser", Declared()))
    return iter(rows)
