"""The packages of CDK Terrain, installed beside this project's environment, which has none of them."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from cdktf_harness.system.programs import run
from cdktf_to_cdktn.names import BINDINGS, VERSION

PYTHON = [f"cdktn=={VERSION}", *(f"cdktn-provider-{name}=={version}" for name, version in BINDINGS.items())]


@dataclass(frozen=True)
class Packages:
    """A folder with the Python packages and another with those of Node."""

    folder: Path

    @property
    def python(self) -> Path:
        """The entries of Python's path."""
        return self.folder / "python"

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, in which `python` finds the packages before all others."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        # Bytecode stays beside the packages, since to make that of all takes longer than what is done with them.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**inherited, "PYTHONPATH": str(self.python), "PATH": path}

    def link(self, app: Path) -> None:
        """Give the app in the folder `app` the command line, as `npm ci` would."""
        (app / "node_modules").symlink_to(self.folder / "node_modules")


def install(parent: Path) -> Packages:
    """The packages, installed below `parent` unless they are there already (about 30 s). Raises CommandFailed."""
    folder = parent / "-".join(["cdktn", VERSION, *BINDINGS.values()])
    packages = Packages(folder)
    parent.mkdir(exist_ok=True)
    with FileLock(parent / "cdktn.lock"):
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            _install(unfinished, packages.environment)
            unfinished.rename(folder)
    return packages


def _install(folder: Path, env: Mapping[str, str]) -> None:
    env = {name: value for name, value in env.items() if name != "PYTHONPATH"}
    # Bytecode of 2,400 modules, of which a few dozen are used, takes longer than the rest.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    run([*pip, "--target", "python", *PYTHON], cwd=folder, env=env)
    # Its own package.json, or npm would install into the project around it. No package needs its install script.
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {"cdktn-cli": VERSION}}))
    run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, env=env)
