"""Repair Terraform's states of a local deployment, and check that they belong to its cloud.

Terraform truncates a state before it writes it. If the write fails, it leaves the new state as `errored.tfstate` in the
stack's folder, if it can, for `terraform state push`; the previous state is in a backup beside the state.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.terraform.state import instances
from terraform_standins import files

ERRORED = "errored.tfstate"
# In both folders, with the same id; that of the cloud also names the stages that it has.
_PAIR = "deployment.json"


def recover(states: Path, stacks: Path, say: Callable[[str], None], *, reset: str) -> None:
    """Put the last complete state of each stack where Terraform expects it; call `say` with a line for each.

    `stacks` contains a folder for each synthesized stack. Raises HarnessError if a state is damaged or was deleted and
    there is no other; `reset` are the commands that start from scratch.
    """
    for errored in sorted(stacks.glob(f"*/{ERRORED}")):
        stack, content = errored.parent.name, _read(errored)
        state = _file(states, stack)
        if content and _goes_on(content, _read(state)):
            _put(errored, state)
            say(f"  the state of {stack} that Terraform could not write is taken from {ERRORED}")
        else:
            errored.unlink()
    remember(states)
    known = _mark(states / _PAIR).get("stacks", [])
    for state in sorted({*_files(states), *(_file(states, stack) for stack in known)}):
        backup = state.with_name(f"{state.name}.backup")
        if _read(state) or (state.exists() and state.stat().st_size and _is_json(state)):
            continue
        if state.exists() and _read(backup):
            _put(backup, state)
            say(f"  the state {state.name} was not written whole: its backup is used")
        elif state.name.split(".")[1] not in known and not state.stat().st_size:
            # Terraform makes it so before it writes the first one.
            continue
        else:
            lost = "is damaged and has no backup" if state.exists() else "was deleted"
            raise HarnessError(f"{state} {lost}: {reset} to start from scratch")


def stages(cloud: Path) -> list[str]:
    """Return the stages that the cloud in the folder `cloud` has."""
    return list(_mark(cloud / _PAIR).get("stages", []))


def remember(states: Path) -> None:
    """Remember which stacks have a state, so that `recover` reports one that is deleted."""
    mark = _mark(states / _PAIR)
    known = sorted({*mark.get("stacks", []), *(file.name.split(".")[1] for file in _files(states) if _read(file))})
    if mark and known != mark.get("stacks", []):
        json_store.write(states / _PAIR, {**mark, "stacks": known})


def check(states: Path, stage: str, cloud: Path, say: Callable[[str], None], *, reset: str) -> None:
    """Check that the states of a stage belong to the cloud in the folder `cloud`, which has one or several stages.

    A user may have deleted either by hand. If the cloud does not know the stage, remove its states, with a line to
    `say`. If the states are gone, raise HarnessError; `reset` are the commands that start from scratch.
    """
    in_states, in_cloud = states / _PAIR, cloud / _PAIR
    check_known(states, stage, cloud, reset=reset)
    found = _mark(in_cloud)
    deployed = found.get("stages", [])
    if stage in deployed:
        return
    if stale := [*states.glob("terraform.*")]:
        say("  the embedded cloud does not have this deployment any more: everything will be re-created")
        for state in stale:
            state.unlink()
    # In this order: the first is ignored as long as the second does not name the stage.
    pair = {"id": found.get("id") or str(uuid4())}
    json_store.write(in_states, pair)
    json_store.write(in_cloud, {**pair, "stages": [*deployed, stage]})


def check_known(states: Path, stage: str, cloud: Path, *, reset: str) -> None:
    """Raise HarnessError if the cloud has the stage and its states are gone; see `check`."""
    known, found = _mark(states / _PAIR), _mark(cloud / _PAIR)
    lost = stage in found.get("stages", []) and known.get("id") != found["id"]
    if lost or ("stages" not in found and (cloud / _PAIR).exists()):
        raise HarnessError(
            f"the embedded cloud has what Terraform's state in {states} does not know: {reset} to start from scratch"
        )


def _mark(path: Path) -> dict[str, Any]:
    """Return a mark; empty if there is none, or a damaged one."""
    try:
        return dict(json_store.read(path, _is_mark) or {})
    except HarnessError:
        return {}


def _is_mark(content: Any) -> bool:
    match content:
        case {"id": str()}:
            return all(isinstance(content.get(key, []), list) for key in ("stages", "stacks"))
    return False


def addresses(file: Path) -> list[str]:
    """Return the addresses in a state, as `terraform state list` prints them. Raises HarnessError if it is damaged."""
    try:
        content = json.loads(file.read_text() or "{}")
    except ValueError:
        raise HarnessError(f"{file} is damaged: deploy again, which uses its backup") from None
    return [instance.address for instance in instances(content)]


def _files(states: Path) -> list[Path]:
    return sorted(states.glob("terraform.*.tfstate"))


def _file(states: Path, stack: str) -> Path:
    return states / f"terraform.{stack}.tfstate"


def _goes_on(new: dict[str, Any], old: dict[str, Any] | None) -> bool:
    """Whether `new` succeeds `old`, which may be lost."""
    return not old or (new["lineage"] == old["lineage"] and new["serial"] > old["serial"])


def _put(source: Path, state: Path) -> None:
    """Replace `state` by `source`, which may be on another disk: copy first, since the copy may fail."""
    files.write(state, source.read_bytes())
    source.unlink()


def _is_json(path: Path) -> bool:
    """Whether it is complete, though its content may be encrypted (OpenTofu)."""
    try:
        json.loads(path.read_text())
    except ValueError:
        return False
    return True


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    match content:
        case {"version": int(), "lineage": str(), "serial": int()}:
            return dict(content)
    return None
