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

from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError
from terraform_standins import files

ERRORED = "errored.tfstate"
# In both folders, with the same id; that of the cloud also names the stages that it has.
_PAIR = "deployment.json"


def recover(states: Path, stacks: Path, say: Callable[[str], None], *, repeats: bool, anew: str) -> None:
    """Put the last complete state of each stack where Terraform expects it; call `say` with a line for each.

    `stacks` contains a folder for each synthesized stack. If `repeats`, the cloud gives the answers to the last apply
    again, which may begin without a state. Raises HarnessError if a state is damaged and there is no other; `anew` are
    the commands that start from nothing.
    """
    for errored in sorted(stacks.glob(f"*/{ERRORED}")):
        stack, content = errored.parent.name, _read(errored)
        state = states / f"terraform.{stack}.tfstate"
        if content and _goes_on(content, _read(state)):
            _put(errored, state)
            say(f"  the state of {stack} that Terraform could not write is taken from {ERRORED}")
        else:
            errored.unlink()
    for state in sorted(states.glob("terraform.*.tfstate")):
        backup = state.with_name(f"{state.name}.backup")
        if not state.stat().st_size or _read(state):
            continue
        if _read(backup):
            _put(backup, state)
            say(f"  the state {state.name} was not written whole: its backup is used")
        elif not _is_json(state) and repeats:
            # The first one: Terraform makes a backup before it changes a state.
            state.unlink()
            say(f"  the state {state.name} was not written whole, and is the first: the deployment begins again")
        elif not _is_json(state):
            raise HarnessError(f"{state} is damaged and has no backup: {anew} start from nothing")


def check(states: Path, stage: str, cloud: Path, say: Callable[[str], None], *, anew: str) -> None:
    """Check that the states of a stage belong to the cloud in the folder `cloud`, which has one or several stages.

    A user may have deleted either by hand. If the cloud does not know the stage, remove its states, with a line to
    `say`. If the states are gone, raise HarnessError; `anew` are the commands that start from nothing.
    """
    in_states, in_cloud = states / _PAIR, cloud / _PAIR
    known, found = _mark(in_states), _mark(in_cloud)
    deployed = found.get("stages", [])
    if in_cloud.exists() and ("stages" not in found or (stage in deployed and known.get("id") != found["id"])):
        raise HarnessError(
            f"the embedded cloud has what Terraform's state in {states} does not know: {anew} start from nothing"
        )
    if stage in deployed:
        return
    if stale := [*states.glob("terraform.*")]:
        say("  the embedded cloud is empty, since its files were removed: all is made anew")
        for state in stale:
            state.unlink()
    # In this order: the first is ignored as long as the second does not name the stage.
    pair = {"id": found.get("id") or str(uuid4())}
    records.write(in_states, pair)
    records.write(in_cloud, {**pair, "stages": [*deployed, stage]})


def _mark(path: Path) -> dict[str, Any]:
    """Return a mark; empty if there is none, or a damaged one."""
    try:
        return dict(records.read(path, _is_mark) or {})
    except HarnessError:
        return {}


def _is_mark(content: Any) -> bool:
    match content:
        case {"id": str()}:
            return isinstance(content.get("stages", []), list)
    return False


def addresses(file: Path) -> list[str]:
    """Return the addresses in a state, as `terraform state list` prints them."""
    found = []
    for resource in json.loads(file.read_text() or "{}").get("resources", []):
        parts = [
            resource.get("module"),
            "data" if resource["mode"] == "data" else "",
            resource["type"],
            resource["name"],
        ]
        address = ".".join(filter(None, parts))
        keys = [instance.get("index_key") for instance in resource["instances"]]
        found += [address if key is None else f"{address}[{json.dumps(key)}]" for key in keys]
    return found


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
