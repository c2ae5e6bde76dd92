"""The example in CDK Terrain, tested as its user would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from checkout import PROJECT
from terrain.packages import Packages


def test_the_examples_own_tests_pass(packages: Packages, tmp_path: Path) -> None:
    """Synthesis, plan, deployment and destruction, with the plugin's fixtures and nothing else."""
    root = tmp_path / "cdktn-hello"
    shutil.copytree(PROJECT / "examples" / "cdktn-hello", root)
    packages.link(root)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=root, env=packages.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
