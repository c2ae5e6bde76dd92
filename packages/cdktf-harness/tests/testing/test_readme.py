"""The README's example works in a new project."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin import fixtures, plugin

from .conftest import TinyProject

README = (Path(__file__).parents[2] / "README.md").read_text()
FILES = ("main.py", "cdktf.json", "pyproject.toml", "tests/test_app.py")


def test_a_new_project_as_the_readme_starts_it(tmp_path: Path) -> None:
    """App, table and tests are taken from the README as they are."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(_file(name))
    run = TinyProject(tmp_path).run("", "tests")
    assert run.code == 0, run.output
    run.shows("4 passed")


def test_every_fixture_option_and_key_is_there() -> None:
    """The tables of the README are complete and have nothing else."""
    source = Path(str(fixtures.__file__)).read_text()
    assert _rows("Fixtures") == set(re.findall(r"@pytest\.fixture.*\ndef (\w+)", source))
    options = Path(str(plugin.__file__)).with_name("options.py").read_text()
    assert {row.split()[0] for row in _rows("Options")} == set(re.findall(r'"(--cdktf-\w+)"', options))
    assert _rows("The table") == {field.name for field in fields(Project)} - {"root", "context", "given"}


def _file(name: str) -> str:
    """The block whose first line names the file, without that line where the format has no comments."""
    (block,) = re.findall(rf"^```\w+\n((?:#|//) {re.escape(name)}\b.*?)^```$", README, re.M | re.S)
    return str(block.partition("\n")[2] if block.startswith("//") else block)


def _rows(heading: str) -> set[str]:
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0].split("\n### ")[0]
    return set(re.findall(r"^\| \**`([^`]+)`\**", section, re.M))
