"""Review changes before they are applied: ask for a confirmation, or keep the plans of all stacks in a file."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from cdktf_harness.system.errors import HarnessError
from terraform_standins import files

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Stack
    from cdktf_harness.terraform.changes import Changes
    from cdktf_harness.terraform.run import Terraform

# Besides the plan of each stack, as STACK.plan, the digests of the stacks.
_DIGESTS = "stacks.json"


def confirm(question: str, otherwise: str) -> None:
    """Ask on the terminal. Raises HarnessError if the answer is not `yes`, and with `otherwise` without a terminal."""
    if not sys.stdin.isatty():
        raise HarnessError(f"{otherwise}; there is no terminal to ask for a confirmation: add --yes")
    print(f"{question} Only `yes` confirms: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != "yes":
        raise HarnessError(f"{otherwise}; not confirmed")


def write_plans(path: Path, stacks: Sequence[Stack], terraform: Terraform) -> Changes:
    """Plan all stacks, write the plans to `path`, readable by its owner only, and return the changes.

    Raises HarnessError if another stack depends on an output that would change: its plan would not be final.
    """
    from cdktf_harness.terraform.changes import Changes
    from cdktf_harness.terraform.run import PLAN_FILE

    changes, plans = Changes({}), {}
    for stack in stacks:
        found = terraform.plan(stack)
        dependent = [other.name for other in stacks if stack.name in other.dependencies]
        if found.outputs and dependent:
            raise HarnessError(
                f"{', '.join(dependent)} depends on outputs of {stack.name} that would change: deploy {stack.name} "
                f"first (`cdktf deploy {stack.name}`)"
            )
        changes |= found
        plans[stack.name] = (stack.folder / PLAN_FILE).read_bytes()
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(_DIGESTS, json.dumps({stack.name: _digest(stack) for stack in stacks}))
        for name, plan in plans.items():
            archive.writestr(f"{name}.plan", plan)
    files.write(path, content.getvalue())
    return changes


def read_plans(path: Path, stacks: Sequence[Stack]) -> None:
    """Put the plans in `path` into the folders of the stacks.

    Raises HarnessError if it is no such file, or if the app has changed since: its images are built from its source.
    """
    from cdktf_harness.terraform.run import PLAN_FILE

    try:
        with ZipFile(path) as archive:
            digests: dict[str, Any] = json.loads(archive.read(_DIGESTS))
            plans = {name: archive.read(f"{name}.plan") for name in digests}
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise HarnessError(f"{path} is not a file of plans ({error}): write one with `aws plan`") from None
    if digests != {stack.name: _digest(stack) for stack in stacks}:
        raise HarnessError(f"the app, its settings or its sources have changed since {path} was written: plan again")
    for stack in stacks:
        files.write(stack.folder / PLAN_FILE, plans[stack.name])


def _digest(stack: Stack) -> str:
    return hashlib.sha256(json.dumps(stack.document, sort_keys=True).encode()).hexdigest()
