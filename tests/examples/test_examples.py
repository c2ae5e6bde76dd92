"""The CDKTF examples, each tested by its own tests in a copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from inner_run import inherited

from cdktf_harness.synthesis.sources import lazily
from checkout import PROJECT

# The longest first.
NAMES = ("jobs", "module", "zip", "regions", "vpc", "hello")


def run(root: Path, *arguments: str, env: Mapping[str, str]) -> str:
    """Run this environment's Python in `root` and return what it printed; it must succeed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=root, env={**inherited("ONTRA_"), **env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.docker
@pytest.mark.parametrize("name", NAMES)
def test_the_examples_own_tests_pass(name: str, tmp_path: Path) -> None:
    """With the plugin's fixtures and nothing else; none of them is skipped."""
    ignored = shutil.ignore_patterns("__pycache__")
    root = shutil.copytree(PROJECT / "examples" / name, tmp_path / name, ignore=ignored)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    summary = run(root, "-m", "pytest", "-q", "-p", "no:cacheprovider", env={"PATH": path}).splitlines()[-1]
    assert " passed" in summary
    assert "skipped" not in summary


def test_examples_pin_what_this_project_is_tested_with() -> None:
    """The versions of their packages are those of the environment that runs their tests."""
    both = json.loads((PROJECT / "Pipfile.lock").read_text())
    locked = {**both["develop"], **both["default"]}
    for name in NAMES:
        folder = PROJECT / "examples" / name
        lines = (folder / "requirements.txt").read_text().split()
        pins = dict(line.split("==") for line in lines if not line.startswith("../../packages/"))
        assert pins == {package: locked[package]["version"].removeprefix("==") for package in pins}


@pytest.mark.parametrize(
    "statement",
    [
        "import cdktf_cdktf_provider_aws as aws; aws.sqs_queue.SqsQueue",
        "from cdktf_cdktf_provider_aws import sqs_queue; sqs_queue.SqsQueue",
        "import cdktf_cdktf_provider_aws as aws; assert not hasattr(aws, 'sqs_queues')",
    ],
)
def test_bindings_that_load_late_are_found_however_they_are_imported(statement: str, tmp_path: Path) -> None:
    """Through the package, from the package, or not at all where there is no such module."""
    run(tmp_path, "-c", statement, env=lazily({}))
