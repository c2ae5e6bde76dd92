"""An app of one stack, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
TABLE = '[tool.cdktf-harness]\nstacks = ["hello"]\nurl = "hello.url"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An app of one stack that deploys nothing."""
    return write_project(tmp_path)


def write_project(root: Path) -> Path:
    """Write an app of one stack that deploys nothing."""
    (root / "cdktf.json").write_text('{"language": "python", "app": "python main.py", "projectId": "x"}')
    (root / "pyproject.toml").write_text(TABLE)
    (root / "main.py").write_text(
        "from cdktf import App, TerraformOutput, TerraformStack\n"
        "app = App()\n"
        "TerraformOutput(TerraformStack(app, 'hello'), 'url', value='http://localhost:1/')\n"
        "app.synth()\n"
    )
    return root


def harness(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in `project`."""
    return subprocess.run(
        [BIN / "cdktf-harness", *arguments],
        cwd=project,
        env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true", **env},
        capture_output=True,
        text=True,
    )
