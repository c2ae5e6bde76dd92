"""The packages as wheels, each in an environment without the packages that it does not require."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest
from inner_run import inherited
from packaging.requirements import Requirement

from cdktf_harness.synthesis.sources import lazily
from checkout import PROJECT

PACKAGES = PROJECT / "packages"
NAMES = [path.parent.name for path in sorted(PACKAGES.glob("*/pyproject.toml"))]
MODULES = {name: name.replace("-", "_") for name in NAMES}
OLD_BOTO3 = ("boto3==1.34.162", "botocore==1.34.162", "s3transfer==0.10.4")
# What is no package data: code, and what generated code was made from.
NOT_DATA = ("", ".py", ".pyc", ".proto")
UV = Path(sys.executable).with_name("uv")
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a program with the wheel's environment first on the path, and return what it printed; it must succeed."""
    # A stock import of AWS's bindings takes a minute.
    env = {**lazily(inherited()), **variables}
    env["PATH"] = os.pathsep.join([str(Path(command[0]).parent), str(Path(sys.executable).parent), env["PATH"]])
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each package."""
    folder = tmp_path_factory.mktemp("wheels")
    # A copy, since a build leaves files in its sources.
    ignored = shutil.ignore_patterns("tests", "build", "*.egg-info", "__pycache__")
    sources = shutil.copytree(PACKAGES, folder / "sources", ignore=ignored)
    for name in NAMES:
        run(UV, "build", "--wheel", "--out-dir", folder, sources / name, cwd=folder)
    return {name: next(folder.glob(f"{MODULES[name]}-*.whl")) for name in NAMES}


@pytest.fixture(scope="module")
def environment(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The programs of a new environment: a package, those of ours that it requires, and all that are not ours.

    `others` are not ours, of other versions.
    """
    made: dict[tuple[str, ...], Path] = {}

    def environment(name: str, *others: str) -> Path:
        if (name, *others) not in made:
            folder = tmp_path_factory.mktemp(name)
            run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
            needed = [wheels[each] for each in needs(name, wheels)]
            offline = (UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", folder / "bin" / "python")
            run(*offline, *needed, cwd=folder)
            # Of a folder that comes by a .pth file, other .pth files do nothing: editable installs are hidden.
            site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
            (site / "other-packages.pth").write_text(sysconfig.get_path("purelib"))
            if others:
                run(*PIP, "--python", folder / "bin" / "python", "install", "--no-deps", *others, cwd=folder)
            made[name, *others] = folder / "bin"
        return made[name, *others]

    return environment


def needs(name: str, wheels: dict[str, Path]) -> set[str]:
    """The package and those of ours that it requires, as its wheel says."""
    direct = {re.split(r"[^\w-]", line)[0] for line in requirements(wheels[name]) if "extra ==" not in line}
    direct &= set(NAMES)
    return {name}.union(*(needs(other, wheels) for other in direct))


def requirements(wheel: Path) -> list[str]:
    """The requirements in the metadata of a wheel."""
    with ZipFile(wheel) as archive:
        (metadata,) = (member for member in archive.namelist() if member.endswith("/METADATA"))
        return message_from_string(archive.read(metadata).decode()).get_all("Requires-Dist") or []


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_works_without_the_packages_that_it_does_not_name(
    name: str, wheels: dict[str, Path], environment: Callable[[str], Path], tmp_path: Path
) -> None:
    """All of its modules can be imported, without the other packages of the checkout; it has all files of the sources.

    Beside Python's: schemas, the Node hook and the marker of types are package data.
    """
    code = f"""
import importlib, importlib.util, pkgutil, sys
package = importlib.import_module({MODULES[name]!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(("__main__", "sitecustomize", "cdktf_harness_sources", "checkov_results")):
        importlib.import_module(module.name)
print(package.__file__)
print(*(name for name in {[*MODULES.values(), "stacks"]!r} if importlib.util.find_spec(name)))
"""
    place, found = run(environment(name) / "python", "-c", code, cwd=tmp_path).splitlines()
    assert Path(place).is_relative_to(environment(name).parent)
    assert set(found.split()) == {MODULES[each] for each in needs(name, wheels)}

    def others(folder: Path) -> set[Path]:
        found = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
        return {path.relative_to(folder) for path in found if path.suffix not in NOT_DATA}

    assert others(Path(place).parent) == others(PACKAGES / name / MODULES[name])


def test_the_commands_are_there(environment: Callable[[str], Path], tmp_path: Path) -> None:
    """`cdktf-harness`, Terraform, the stand-ins with their schemas, and the move to CDK Terrain."""
    bin_ = environment("cdktf-harness")
    assert " up " in run(bin_ / "cdktf-harness", "--help", cwd=tmp_path)
    assert run(bin_ / "terraform", "version", cwd=tmp_path).startswith("Terraform v1.")
    standins = environment("terraform-standins") / "python"
    assert "resource aws_sqs_queue" in run(standins, "-m", "terraform_standins", "list", cwd=tmp_path)
    example = shutil.copytree(PROJECT / "examples" / "hello", tmp_path / "app")
    python = environment("cdktf-to-cdktn") / "python"
    assert "  main.py\n" in run(python, "-m", "cdktf_to_cdktn", tmp_path / "moved", cwd=example)


@pytest.mark.docker
def test_the_harness_tests_another_app(environment: Callable[..., Path], tmp_path: Path) -> None:
    """Synthesis, plans, deployment, an empty second plan and destruction, by an app's own tests.

    It is the app of docs/adding-a-type.md, which adds a type to the bundled providers. It has an old boto3, so the
    harness is without its extra `cloud`.
    """
    app = tmp_path / "app"
    (app / "tests").mkdir(parents=True)
    shutil.copy(PROJECT / "examples" / "hello" / "cdktf.json", app)
    page = (PACKAGES / "terraform-standins" / "docs" / "adding-a-type.md").read_text()
    for name, text in re.findall(r"`([\w./]+)`:\n```\w+\n(.*?)```", page, re.S):
        (app / name).write_text(text)
    python = environment("cdktf-harness", *OLD_BOTO3) / "python"
    (site,) = python.parents[1].glob("lib/python*/site-packages")
    # In place of the installed one.
    (site / "ministack-0.dist-info").mkdir(exist_ok=True)
    (site / "ministack-0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: ministack\nVersion: 0\n")
    tests = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in run(*tests, cwd=app, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert list((tmp_path / "cache" / "cdktf-harness").glob("ministack-*/ministack"))


def test_the_packages_require_no_boto3_of_one_version(wheels: dict[str, Path]) -> None:
    """Pip installs the harness beside an app's own."""
    required = [Requirement(line) for name in needs("cdktf-harness", wheels) for line in requirements(wheels[name])]
    sdk = [each for each in required if each.name in ("boto3", "botocore") and not each.marker]
    assert sdk
    assert "ministack" not in {each.name for each in required if not each.marker}
    assert all(each.specifier.contains(version) for each in sdk for version in ("1.34.162", "1.99"))
