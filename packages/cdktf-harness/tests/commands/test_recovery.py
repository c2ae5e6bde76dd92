"""Recovery of Terraform's state and the cloud after a full disk or a removal of files by hand."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import plain_app
import pytest

from .running import FILES, run, succeed, write_app

LOCAL = ".cdktf-harness/local"
STAGE = f"{LOCAL}/stages/dev"
STAGES = {
    "cdktf.json": '{"language": "python", "app": "python main.py", "projectId": "x", "context": {"stage": "dev"}}',
    "pyproject.toml": '[tool.cdktf-harness]\nstacks = ["hello"]\nstages = "stages"\n',
}
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stage of an app, deployed; each test leaves it so."""
    root = write_app(write_app(tmp_path_factory.mktemp("deployed").resolve()), STAGES)
    succeed(root, "up")
    yield root
    succeed(root, "down")


@ROOT_ONLY
def test_after_a_state_that_a_full_disk_did_not_take_the_command_can_be_run_again(app: Path) -> None:
    """The error says that a disk is full; with free space, the same command succeeds."""
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
    assert ": a disk is full; free some space (`df -h` and `df -i` show where)" in error
    reason = "the last apply ended before Terraform wrote its state"
    assert f"  {reason}: starting from an empty cloud" in done.lines
    assert "terraform_data" in (app / "terraform.hello.tfstate").read_text()


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        ("state", "{} was deleted"),
        ("state/terraform.hello.tfstate", "{} was deleted"),
        ("state/terraform.hello.tfstate", "{} is damaged"),
        ("../../cloud/deployment.json", "{} is damaged"),
    ],
)
def test_without_a_whole_state_what_is_deployed_is_unknown(
    deployed: Path, tmp_path: Path, lost: str, reason: str
) -> None:
    """Commands that read it say so."""
    path = (deployed / STAGE / lost).resolve()
    path.rename(tmp_path / "whole")
    if "damaged" in reason:
        path.write_text('{"version": 4')
    said = run(deployed, "diff").lines[-1]
    if path.exists():
        path.unlink()
    (tmp_path / "whole").rename(path)
    assert said == f"error: {reason.format(path)}; run `cdktf-harness up`, which starts from an empty cloud"


def test_without_a_state_a_deployment_starts_from_an_empty_cloud(deployed: Path) -> None:
    """With all resources that it has."""
    state = deployed / STAGE / "state/terraform.hello.tfstate"
    state.unlink()
    assert f"  {state} was deleted: starting from an empty cloud" in succeed(deployed, "up").lines
    assert "  no changes" in succeed(deployed, "up").lines


def test_states_of_a_cloud_that_was_deleted_are_removed(deployed: Path) -> None:
    """They name what does not exist any more."""
    shutil.rmtree(deployed / LOCAL / "cloud")
    done = succeed(deployed, "up")
    assert "  the embedded cloud does not have this deployment any more: everything will be re-created" in done.lines
    assert "  no changes" in succeed(deployed, "up").lines


def test_a_stack_is_applied_again_if_another_changes_at_the_same_time(tmp_path: Path) -> None:
    """`first` is as it was deployed, so `second` does not wait for it; but its resource was lost, and has a new id."""
    main = """
import os
first = {"resource": {"terraform_data": {"made": {}}}, "output": {"id": {"value": "${terraform_data.made.id}"}}}
config = {"path": os.path.abspath("terraform.first.tfstate")}
read = {"terraform_remote_state": {"first": {"backend": "local", "config": config}}}
copy = {"terraform_data": {"copy": {"input": "${data.terraform_remote_state.first.outputs.id}"}}}
second = {"data": read, "resource": copy, "output": {"id": {"value": "${terraform_data.copy.output}"}}}
synth({"first": first, "second": second}, {"second": ["first"]})
"""
    write_app(tmp_path, plain_app.files(main, "first", "second"))

    def deployed() -> tuple[str, str]:
        output = succeed(tmp_path, "up").output
        found = json.loads(output[output.index("\n{") : output.index("\n}") + 2])
        return found["first"]["id"], found["second"]["id"]

    try:
        made, copied = deployed()
        assert made == copied
        state = tmp_path / LOCAL / "state/terraform.first.tfstate"
        state.write_text(json.dumps({**json.loads(state.read_text()), "resources": []}))
        again, copied = deployed()
        assert again == copied != made
        # No resource changes, but what `second` reads of the state is missing, or another, until the state is written.
        kept = tmp_path / LOCAL / "outputs.json"
        for stale in ({}, {"id": {"value": "before", "type": "string"}}):
            state.write_text(json.dumps({**json.loads(state.read_text()), "outputs": stale}))
            kept.write_text(kept.read_text().replace(again, "before"))
            assert deployed() == (again, again)
    finally:
        succeed(tmp_path, "down")
