"""The packages of CDK Terrain, and this project as a CDK Terrain project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cdktf_harness.project.project import Project, find
from cdktf_to_cdktn.rewrite import move
from checkout import PROJECT
from terrain.packages import Packages, install

# The package that is moved with the app.
CONSTRUCTS = "packages/cdktf-lambda-api"


@pytest.fixture(scope="session")
def packages() -> Packages:
    """CDK Terrain, installed once into a folder of the virtual environment, which `make clean` removes."""
    return install(Path(sys.prefix, "share"))


@pytest.fixture(scope="session")
def environment(packages: Packages, moved: Project) -> dict[str, str]:
    """This process's environment, in which `python` finds CDK Terrain and the constructs of the copy."""
    path = os.pathsep.join([str(moved.root / CONSTRUCTS), str(packages.python)])
    return {**packages.environment, "PYTHONPATH": path}


@pytest.fixture(scope="session")
def moved(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The copy that `make cdktn` makes of this project."""
    root = tmp_path_factory.mktemp("moved") / "ontra"
    move(PROJECT, root)
    packages.link(root)
    return find(root)
