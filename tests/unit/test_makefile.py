"""The Makefile works in folders of nearly any name, and refuses others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from checkout import PROJECT

# Without what a `make test` around this says to the ones that it starts.
ALONE = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "ARGS"))}


def help_in(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What `make` prints in a folder."""
    folder.mkdir()
    shutil.copy(PROJECT / "Makefile", folder)
    return subprocess.run(["make", *options], cwd=folder, env=ALONE, capture_output=True, text=True)


def test_names_of_folders(tmp_path: Path) -> None:
    """Nearly any works. Others are refused in one line that says what to do, before anything is made."""
    done = help_in(tmp_path / "it's (a) {b} #1; 100% & é")
    assert (done.returncode, done.stderr) == (0, "")
    assert "make local" in done.stdout
    for name in ("a$b", "a\nb"):
        done = help_in(tmp_path / name)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith("move the folder.  Stop.\n")


def test_arguments_of_daily_commands_are_passed_on_as_they_are(tmp_path: Path) -> None:
    """A filter pattern for logs has a `$`."""
    pattern = "--filter '{ $.level = ERROR }'"
    for target in ("logs", "local-logs"):
        done = help_in(tmp_path / target, "--dry-run", "--old-file=environment", target, f"ARGS={pattern}")
        assert pattern in done.stdout, done.stderr


def test_arguments_are_those_of_the_command_line(tmp_path: Path) -> None:
    """The environment may have variables of these names for other purposes, as WSL has NAME."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    env = {**ALONE, **dict.fromkeys(("DEST", "FROM", "NAME", "PLAN", "TO"), "foreign")}

    def printed(*targets: str) -> str:
        command = ["make", "--dry-run", "--old-file=environment", *targets]
        return subprocess.check_output(command, cwd=tmp_path, env=env, text=True)

    assert "foreign" not in printed("local-rollback", "local-secret", "move-state", "build", "local-promote")
    assert "rollback  3" in printed("local-rollback", "TO=3")


def recorded(folder: Path, *arguments: str, **env: str) -> list[str]:
    """The harness's commands that `make` runs in a folder whose Python only records them, one at a time."""
    (folder / ".venv/bin").mkdir(parents=True)
    python = folder / ".venv/bin/python"
    # Two at once are recorded as one line without an end.
    python.write_text(
        '#!/bin/sh\nmkdir alone || exit 1\nsleep 0.2\necho "$2$PYTHONOPTIMIZE${PIP_USER#0}" >>ran\nrmdir alone\n'
    )
    python.chmod(0o755)
    (folder / "ran").touch()
    shutil.copy(PROJECT / "Makefile", folder)
    subprocess.run(["make", "--old-file=environment", *arguments], cwd=folder, env={**ALONE, **env}, check=False)
    return (folder / "ran").read_text().split()


def test_a_dry_run_removes_nothing(tmp_path: Path) -> None:
    """make runs a line that contains its own name even then."""
    assert recorded(tmp_path, "--dry-run", "local-down") == []


def test_targets_of_one_command_line_follow_one_another(tmp_path: Path) -> None:
    """Only the set-up runs in parallel: `down` and `up` would wait for the same lock, in any order."""
    assert recorded(tmp_path, "local-down", "local") == ["down", "up"]


def test_variables_of_another_python_are_not_passed_on(tmp_path: Path) -> None:
    """PYTHONOPTIMIZE removes assertions, PYTHONSAFEPATH the app's modules; PIP_USER installs beside .venv."""
    assert recorded(tmp_path, "local-get", PYTHONOPTIMIZE="2", PIP_USER="1") == ["get"]


def test_a_link_to_the_checkout_is_no_move(tmp_path: Path) -> None:
    """Its .venv is not repaired; in a folder whose path has a blank, that would remove it."""
    folder = tmp_path / "a b"
    (folder / ".ci").mkdir(parents=True)
    (folder / ".ci/alone").write_text("#!/bin/sh\necho $* >>ran\n")
    (folder / ".ci/alone").chmod(0o755)
    (tmp_path / "link").symlink_to(folder)
    (folder / ".venv").mkdir()
    (folder / ".venv/pyvenv.cfg").write_text(f"command = /usr/bin/python3 -m venv {folder}/.venv\n")
    shutil.copy(PROJECT / "Makefile", folder)
    env = {**ALONE, "PWD": str(tmp_path / "link")}
    subprocess.run(["make", "environment"], cwd=tmp_path / "link", env=env, check=False)
    assert ".ci/moved" not in (folder / "ran").read_text()


def test_a_reader_may_have_seen_enough() -> None:
    """As `head -1` has: make adds no error."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as gone:
        command = ["make", "--silent", "--old-file=environment", "local-doctor"]
        done = subprocess.run(command, cwd=PROJECT, env=ALONE, stdout=gone, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("workflow", sorted((PROJECT / ".github/workflows").iterdir()), ids=lambda path: path.name)
def test_a_step_of_a_workflow_fails_with_a_command_before_a_pipe(workflow: Path) -> None:
    """GitHub's default shell lacks pipefail, which `shell: bash` has (Workflow syntax, `defaults.run.shell`)."""
    text = workflow.read_text()
    assert "\ndefaults:\n  run:\n    shell: bash\n" in text
    assert text.count("shell:") == 1


def test_jobs_with_a_role_name_their_environment() -> None:
    """A stage's role trusts jobs of its environment, and pull requests'; actions are pinned by commit."""
    for workflow in sorted((PROJECT / ".github/workflows").iterdir()):
        jobs = yaml.safe_load(workflow.read_text())["jobs"]
        for name, job in jobs.items():
            roles = [step["with"]["role-to-assume"] for step in job.get("steps", ()) if "role-to-assume" in str(step)]
            if workflow.name != "pull-request.yml":
                assert not roles or "environment" in job, (workflow.name, name)
            uses = [job.get("uses", ""), *(step.get("uses", "") for step in job.get("steps", ()))]
            assert all(not one or re.fullmatch(r"\./\S+|\S+@[0-9a-f]{40}", one) for one in uses), (workflow.name, name)
    deploy = yaml.safe_load((PROJECT / ".github/workflows/deploy.yml").read_text())["jobs"]
    assert [deploy[name]["with"]["stage"] for name in ("dev", "staging", "prod")] == ["dev", "staging", "prod"]
    assert (deploy["prod"]["needs"], deploy["prod"]["with"]["target"]) == ("staging", "promote FROM=staging")
