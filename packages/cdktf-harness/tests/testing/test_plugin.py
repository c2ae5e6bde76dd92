"""The plugin in pytest: its imports, its options, concurrent runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import TinyProject

HEAVY = ("boto3", "botocore", "cdktf", "docker", "grpc", "hypercorn", "jsii", "rich", "typer", "urllib3")
SYNTH_TESTS = """
def test_days(synth):
    synth(days=5)["logs"].resource("app/group").assert_has(retention_in_days=5)
"""


def test_without_its_table_the_plugin_does_nothing(project: TinyProject) -> None:
    """Such a project has none of its fixtures and markers."""
    (project.root / "pyproject.toml").write_text("[tool.other]\n")
    markers = "def test_markers(pytestconfig): assert 'docker: needs' not in str(pytestconfig.getini('markers'))\n"
    run = project.run(f"def test_synth(synth): pass\n{markers}")
    assert run.code == 1
    run.shows("fixture 'synth' not found", "1 passed, 1 error")


def test_a_wrong_table_is_reported_in_one_line(project: TinyProject) -> None:
    """An unknown key ends the run at once; an unknown stack fails the tests that use it."""
    table = project.root / "pyproject.toml"
    right = table.read_text()
    table.write_text(right + "\nregoin_setting = 'region'\n")
    run = project.run("def test_synth(synth): pass\n")
    assert (run.code, len(run.output.strip().splitlines())) == (4, 1), run.output
    run.shows("[tool.cdktf-harness] has no key 'regoin_setting'; there are ")
    table.write_text(right.replace('"logs"', '"lugs"'))
    run = project.run("def test_synth(synth): synth['lugs']\n")
    run.shows("[tool.cdktf-harness] names the stack 'lugs'; the app has access, logs")
    # The test's own lines, and none of the harness's.
    run.shows("test_app.py:1: in test_synth")
    assert "synthesizer.py" not in run.output


def test_a_snapshot_is_a_reviewed_file(project: TinyProject) -> None:
    """It is written on request and compared afterwards; paths and versions are ignored."""
    tests = "def test_logs(synth, stack_snapshot): assert synth['logs'] == stack_snapshot\n"
    project.run(tests, "--snapshot-update")
    (file,) = (project.root / "__snapshots__").rglob("*.json")
    assert json.loads(file.read_text())["terraform"]["required_providers"]["aws"]["version"] == "VERSION"
    moved = TinyProject(Path(shutil.copytree(project.root, project.root.with_name("moved"))))
    assert moved.run(tests).code == 0
    moved.edit('{"App": "tiny"}', '{"App": "huge"}')
    failed = moved.run(tests, "-vv")
    assert failed.code == 1
    failed.shows('"App": "tiny"', '"App": "huge"')


def test_cdktf_app_names_the_folder_of_the_app(project: TinyProject, tmp_path: Path) -> None:
    """A folder without a cdktf.json is refused."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    outer = TinyProject(tmp_path)
    assert outer.run(SYNTH_TESTS, "--cdktf-app", project.root.name, "test_app.py").code == 0
    refused = outer.run(SYNTH_TESTS, "--cdktf-app", ".", "test_app.py")
    assert refused.code == pytest.ExitCode.USAGE_ERROR
    refused.shows("has no cdktf.json, or no [tool.cdktf-harness] beside it")


def test_a_missing_engine_is_a_failure(project: TinyProject) -> None:
    """A test that needs an engine is not skipped: it fails in one line; `-m` deselects it.

    Before a fixture needs them, no slow modules are imported.
    """
    loaded = f"import sys\ndef test_loaded(): assert set(sys.modules) & {set(HEAVY)!r} == set()\n"
    tests = f"{loaded}def test_engine(docker_engine): pass\n"
    host = f"unix://{project.root}/no-engine.sock"
    run = project.run(tests, DOCKER_HOST=host)
    assert run.code == 1
    run.shows("1 passed, 1 error", "no-engine.sock")
    project.run(tests, "-m", "not docker", DOCKER_HOST=host).shows("1 passed, 1 deselected")
