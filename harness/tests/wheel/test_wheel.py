"""The package as others get it: a wheel in an environment of its own, with an app of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[2]
PROJECT = HARNESS.parent
# Of the run that this is part of: each would lead the inner one astray.
HIDDEN = ("PYTEST_", "PYTHONPATH", "AWS_", "CDKTF_", "PROVIDERS", "CI")
# What is no package data: code, and what generated code was made from.
NOT_DATA = ("", ".py", ".pyc", ".proto")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program with the wheel's environment first on the path, and return what it printed; it must succeed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    env["PATH"] = os.pathsep.join([str(Path(command[0]).parent), str(Path(sys.executable).parent), env["PATH"]])
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bin_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the harness's wheel in it, beside the present one's other packages."""
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, since a build leaves files in its sources.
    ignored = shutil.ignore_patterns("tests", "build", "*.egg-info", "__pycache__")
    sources = shutil.copytree(HARNESS, folder / "sources", ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, sources, cwd=folder)
    shutil.rmtree(sources)
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    # Of a folder that comes by a .pth file, other .pth files do nothing: an editable install of the harness is hidden.
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    (site / "other-packages.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def test_the_package_is_the_wheels(bin_: Path, tmp_path: Path) -> None:
    """What is tested here is not the checkout, of which nothing can be imported."""
    code = "import cdktf_harness, importlib.util as i; print(cdktf_harness.__file__, i.find_spec('stacks'))"
    found, nothing = run(bin_ / "python", "-c", code, cwd=tmp_path).split()
    assert Path(found).is_relative_to(bin_.parent)
    assert nothing == "None"


def test_the_wheel_has_all_files_that_are_not_python(bin_: Path) -> None:
    """Schemas, the Node hook and the marker of types are package data."""
    (package,) = bin_.parent.glob("lib/python*/site-packages/cdktf_harness")

    def others(folder: Path) -> set[Path]:
        return {path.relative_to(folder) for path in folder.rglob("*") if path.suffix not in NOT_DATA}

    assert others(package) == others(HARNESS / "cdktf_harness")


def test_the_commands_are_there(bin_: Path, tmp_path: Path) -> None:
    """`cdktf-harness`, Terraform, and the providers with their schemas."""
    assert " up " in run(bin_ / "cdktf-harness", "--help", cwd=tmp_path)
    assert run(bin_ / "terraform", "version", cwd=tmp_path).startswith("Terraform v1.")
    assert "resource aws_sqs_queue" in run(bin_ / "python", "-m", "cdktf_harness.providers", "list", cwd=tmp_path)


@pytest.mark.docker
def test_it_tests_another_app(bin_: Path, tmp_path: Path) -> None:
    """Synthesis, plans, deployment, an empty second plan and destruction, by an app's own tests.

    It is the app of docs/adding-a-type.md, which adds a type to the bundled providers.
    """
    app = tmp_path / "app"
    (app / "tests").mkdir(parents=True)
    shutil.copy(PROJECT / "examples" / "hello" / "cdktf.json", app)
    page = (HARNESS / "docs" / "adding-a-type.md").read_text()
    for name, text in re.findall(r"`([\w./]+)`:\n\n```\w+\n(.*?)```", page, re.S):
        (app / name).write_text(text)
    (app / "node_modules").symlink_to(PROJECT / "node_modules")
    assert "3 passed" in run(bin_ / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=app)
