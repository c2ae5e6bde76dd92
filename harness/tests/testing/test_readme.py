"""The README's example does what it says, in a new project with an app of its own."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

from cdktf_harness.project import Project
from cdktf_harness.testing import fixtures, plugin

from .conftest import TinyProject

README = (Path(__file__).parents[2] / "README.md").read_text()
APP = """
from cdktf import App, TerraformProvider, TerraformResource, TerraformStack
from constructs import Construct

METADATA = {"provider_name": "aws", "provider_version": "6.25.0"}
app = App()
stack = TerraformStack(app, "queue")
TerraformProvider(
    stack, "aws", terraform_resource_type="aws", terraform_provider_source="aws", terraform_generator_metadata=METADATA
)
jobs = Construct(stack, "jobs")
queue = TerraformResource(
    jobs, "queue", terraform_resource_type="aws_sqs_queue", terraform_generator_metadata=METADATA
)
queue.add_override("name", app.node.try_get_context("name"))
queue.add_override("message_retention_seconds", 86400)
app.synth()
"""


def test_the_ten_lines_pass(tmp_path: Path) -> None:
    """Table and tests are taken from the README as they are."""
    (tmp_path / "main.py").write_text(APP)
    content = {"language": "python", "app": "python main.py", "projectId": "ten-lines", "context": {"name": "jobs"}}
    (tmp_path / "cdktf.json").write_text(json.dumps(content))
    (tmp_path / "pyproject.toml").write_text(_block("toml"))
    run = TinyProject(tmp_path).run(_block("python"))
    assert run.code == 0, run.output
    run.shows("3 passed")


def test_every_fixture_option_and_key_is_there() -> None:
    """The tables of the README are what the plugin and the project have, no more and no less."""
    source = Path(str(fixtures.__file__)).read_text()
    assert _rows("Fixtures") == set(re.findall(r"@pytest\.fixture.*\ndef (\w+)", source))
    options = Path(str(plugin.__file__)).with_name("options.py").read_text()
    assert {row.split()[0] for row in _rows("Options")} == set(re.findall(r'"(--cdktf-\w+)"', options))
    assert _rows("The table") == {field.name for field in fields(Project)} - {"root", "context"}


def _block(language: str) -> str:
    return README.split(f"```{language}\n")[1].split("```")[0]


def _rows(heading: str) -> set[str]:
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0].split("\n### ")[0]
    return set(re.findall(r"^\| \**`([^`]+)`\**", section, re.M))
