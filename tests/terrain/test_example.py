"""The example in CDK Terrain, tested and run as its user would."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checkout import PROJECT
from terrain.packages import Packages


@pytest.fixture(scope="module")
def example(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, with its packages."""
    root = tmp_path_factory.mktemp("example") / "cdktn-hello"
    shutil.copytree(PROJECT / "examples" / "cdktn-hello", root)
    packages.link(root)
    return root


def run(packages: Packages, example: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the example."""
    return subprocess.run(command, cwd=example, env=packages.environment, capture_output=True, text=True, check=False)


def test_the_examples_own_tests_pass(packages: Packages, example: Path) -> None:
    """Synthesis, plan, deployment and destruction, with the plugin's fixtures and nothing else."""
    done = run(packages, example, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_commands_work_on_it(packages: Packages, example: Path) -> None:
    """`up`, `env` and `down`, without a URL to call and without a Docker engine."""
    try:
        up = run(packages, example, "cdktf-harness", "up")
        assert up.returncode == 0, up.stdout + up.stderr
        outputs = json.loads((example / ".cdktf-harness" / "local" / "outputs.json").read_text())
        assert outputs == {"hello": {"parameter": "/hello/greeting"}}
    finally:
        down = run(packages, example, "cdktf-harness", "down")
    assert down.returncode == 0, down.stdout + down.stderr
    assert not (example / ".cdktf-harness").exists()
