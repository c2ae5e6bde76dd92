"""Terraform's version, which CDKTF's command line asks for again and again, is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from cdktf_harness.terraform import program, version
sys.exit(version.answer(sys.argv[2:], program._library(), program.run, sys.argv[1]))
"""
KEPT = "terraform version -json"
# Without what is set for Terraform, such as a file that it complains about.
ENV = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}


def terraform(*arguments: str, **env: str) -> str:
    """What the environment's `terraform` prints."""
    command = [str(Path(sys.executable).parent / "terraform"), *arguments]
    env = {**ENV, "CHECKPOINT_DISABLE": "1", **env}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def asked(folder: Path) -> str:
    """What is answered from `folder`."""
    command = [sys.executable, "-c", PROGRAM, str(folder), "version", "-json"]
    return subprocess.run(command, env=ENV, capture_output=True, text=True, check=True).stdout


def test_it_is_said_as_terraform_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for the people who ask; beside a lock file, with the providers in it."""
    monkeypatch.chdir(tmp_path)
    for question in (["version", "-json"], ["-v"]):
        # With this variable it is Terraform that answers.
        assert terraform(*question) == terraform(*question) == terraform(*question, TF_LOG="off")
    name = "registry.terraform.io/hashicorp/aws"
    (tmp_path / ".terraform.lock.hcl").write_text(f'provider "{name}" {{\n  version = "6.25.0"\n}}\n')
    assert json.loads(terraform("version", "-json"))["provider_selections"] == {name: "6.25.0"}


def test_another_library_is_asked(tmp_path: Path) -> None:
    """An answer is kept with what tells the library from another one."""
    answer = asked(tmp_path)
    key, kept = (tmp_path / KEPT).read_text().split("\n", 1)
    assert kept == answer
    (tmp_path / KEPT).write_text(f"{key}\nthe answer that is kept")
    assert asked(tmp_path) == "the answer that is kept"
    (tmp_path / KEPT).write_text(f"{key}0\nthe answer of another library")
    assert asked(tmp_path) == answer == (tmp_path / KEPT).read_text().split("\n", 1)[1]


def test_a_folder_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    """In an environment of another user, Terraform is asked each time."""
    assert json.loads(asked(tmp_path / "absent"))["terraform_version"]
