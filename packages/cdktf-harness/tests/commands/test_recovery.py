"""Recovery of Terraform's state and the cloud after a full disk or a removal of files by hand."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

from .running import FILES, run, succeed, write_app

LOCAL = ".cdktf-harness/local"
STAGES = {
    "cdktf.json": '{"language": "python", "app": "python main.py", "projectId": "x", "context": {"stage": "dev"}}',
    "pyproject.toml": '[tool.cdktf-harness]\nstacks = ["hello"]\nstages = "stages"\n',
}
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")


@ROOT_ONLY
def test_a_state_that_a_full_disk_did_not_take_is_not_lost(app: Path) -> None:
    """The error names the disk; with free space, the same command continues."""
    large = "'resource': {'terraform_data': {'large': {'input': 'x' * 20000}}}"
    write_app(app, {"main.py": FILES["main.py"].replace("'output'", f"{large}, 'output'")})
    state = app / LOCAL / "state"
    state.mkdir(parents=True)
    # Room for Terraform's lock, and not for the state.
    twice = (
        f"mount -t tmpfs -o size=64k none {state}; head -c 49152 /dev/zero >{state}/filler; "
        f'! "$@"; rm {state}/filler; "$@"; cp {state}/terraform.* {app}'
    )
    done = succeed(app, "up", before=["unshare", "--mount", "sh", "-ec", twice, "sh"])
    (error,) = (line for line in done.lines if line.startswith("error: "))
    assert error.endswith(
        f": the disk of {state} is full; free some space and run the command again, which continues from there"
    )
    assert "  the state of hello that Terraform could not write is taken from errored.tfstate" in done.lines
    assert "  no changes" in done.lines
    assert "terraform_data" in (app / "terraform.hello.tfstate").read_text()


@ROOT_ONLY
def test_a_disk_that_is_full_from_the_start_is_named(app: Path) -> None:
    """In one line, whatever could not be written first."""
    folder = app / ".cdktf-harness"
    folder.mkdir()
    full = f'mount -t tmpfs -o size=64k none {folder}; head -c 65536 /dev/zero >{folder}/filler || true; "$@"'
    done = run(app, "up", before=["unshare", "--mount", "sh", "-ec", full, "sh"])
    assert done.process.returncode == 1
    assert done.lines[-1].endswith("is full; free some space and run the command again, which continues from there")
    assert f"the disk of {folder}" in done.lines[-1]


def test_a_state_that_was_truncated_is_restored_from_its_backup(app: Path) -> None:
    """By each command that reads or changes it."""
    succeed(app, "up")
    write_app(app, {"main.py": FILES["main.py"].replace("'value': 'hello'", "'value': 'changed'")})
    succeed(app, "up")
    state = app / LOCAL / "state/terraform.hello.tfstate"
    assert state.with_name(f"{state.name}.backup").exists()
    state.write_text('{"version": 4')
    done = succeed(app, "diff")
    assert "  the state terraform.hello.tfstate was not written whole: its backup is used" in done.lines
    assert '"hello" -> "changed"' in done.output
    assert "  no changes" in succeed(app, "up").lines


def test_a_state_that_was_deleted_is_missed(app: Path) -> None:
    """By each command that reads it: what is deployed is unknown."""
    succeed(app, "up")
    state = app / LOCAL / "state/terraform.hello.tfstate"
    state.unlink()
    for command in ("drift", "diff", "up"):
        done = run(app, command)
        assert done.process.returncode == 1
        assert done.lines[-1].endswith(": run `cdktf-harness down`, then `cdktf-harness up`, to start from scratch")
        assert f"{app / LOCAL}/state" in done.lines[-1]
    # Without a backup, the first state cannot be restored.
    state.touch()
    assert "is damaged and has no backup" in run(app, "drift").lines[-1]


def test_a_state_and_a_cloud_that_do_not_belong_together_are_reported(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a whole state, the cloud's resources are unknown; without the cloud, the state's are gone."""
    write_app(app, STAGES)
    deployment = LocalDeployment(find(app), app / LOCAL)
    deployment.start()
    deployment.start()
    state = app / LOCAL / "stages/dev/state/terraform.hello.tfstate"
    state.write_text('{"version": 4')
    with pytest.raises(HarnessError, match=r"is damaged and has no backup: run `cdktf-harness down`, then "):
        deployment.deploy()
    state.write_text("{}")
    shutil.rmtree(app / LOCAL / "cloud")
    deployment.start()
    assert (
        "the embedded cloud does not have this deployment any more: everything will be re-created"
        in capsys.readouterr().err
    )
    assert not state.exists()
    shutil.rmtree(state.parent)
    with pytest.raises(HarnessError, match=r"has what Terraform's state in .* does not know: run `cdktf-harness down`"):
        deployment.start()
