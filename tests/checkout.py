"""Copies of this project that tests edit and deploy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdktf_harness.local import LocalDeployment
from cdktf_harness.project import find

PROJECT = Path(__file__).resolve().parent.parent
# What a checkout needs to be synthesized and deployed.
PARTS = ("main.py", "cdktf.json", "pyproject.toml", "stacks", "lambda_image")


@dataclass(frozen=True)
class Checkout:
    """A copy of this project that a test may edit and deploy."""

    root: Path

    def synthesize(self, env: Mapping[str, str], out: Path) -> subprocess.CompletedProcess[str]:
        """Run the app as the CDKTF command line does, with `env` on top of a clean environment."""
        return subprocess.run(
            [sys.executable, "main.py"],
            cwd=self.root,
            env={**clean_environment(), **env, "CDKTF_OUTDIR": str(out)},
            capture_output=True,
            text=True,
        )

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be in the file `name`, by `new`."""
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def deployment(self, folder: Path) -> LocalDeployment:
        """A deployment of this checkout that keeps everything in `folder`."""
        return LocalDeployment(find(self.root), folder)


def clean_environment() -> dict[str, str]:
    """The environment without what would change a synthesis, with the environment's own programs first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONTRA_", "CDKTF_", "AWS_"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}


def copy_project(root: Path) -> Checkout:
    """Copy this project's sources to `root`."""
    ignore = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=ignore)
        else:
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, root / part)
    return Checkout(root)
