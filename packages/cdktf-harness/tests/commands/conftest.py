"""An app of one stack, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import plain_app
import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.project import environment

from .running import at_work, completed, run, write_app

BIN = Path(sys.executable).parent
TABLE = '[tool.cdktf-harness]\nstacks = ["hello"]\nurl = "hello.url"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An app of one stack that deploys nothing."""
    return write_project(tmp_path)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Path]:
    """An app of one stack without a deployment; removed at the end."""
    root = write_app(tmp_path.resolve())
    yield root
    if (root / ".cdktf-harness").exists():
        down = run(root, "down")
        assert (down.returncode, (root / ".cdktf-harness").exists()) == (0, False), down.output
    assert at_work(root) == []


def write_project(root: Path) -> Path:
    """Write an app of one stack that deploys nothing."""
    write(root, "synth({'hello': {'output': {'url': {'value': 'http://localhost:1/'}}}})\n", "hello")
    (root / "pyproject.toml").write_text(TABLE)
    return root


def write(root: Path, main: str, *stacks: str, table: str = "") -> Path:
    """Write an app, which calls `synth` in `main`."""
    return write_app(root, plain_app.files(main, *stacks, table=table))


def harness(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in `project`."""
    return completed(project, *arguments, env={"AWS_EC2_METADATA_DISABLED": "true", **env})


def stand_for_aws(cloud: Cloud, patch: pytest.MonkeyPatch, *, region: str, **more: str) -> None:
    """Replace all AWS variables of this process by those of `cloud`, and by `more`.

    Its address is a number: SDKs then put the name of a bucket into the path.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    endpoint = cloud.url.replace("localhost", "127.0.0.1")
    env = environment.local(region=region, endpoint=endpoint, credentials=cloud.credentials.environment)
    for name, value in {**env, **more}.items():
        # An empty region is none.
        if value:
            patch.setenv(name, value)
