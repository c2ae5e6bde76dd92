"""Guard a deployment: ask for a confirmation, apply plans that were reviewed, keep resources with `prevent_destroy`."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cdktf_harness.project.project import Project
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.run import Terraform
from cdktf_harness.terraform.state import PLAN_FILE
from terraform_standins import files

# Besides the plan of each stack, as STACK.plan, the digests of the stacks.
_DIGESTS = "stacks.json"

# Terraform's error (1.15; OpenTofu's is the same).
_REFUSED = "Instance cannot be destroyed"
# Arguments of a resource that is deleted with what is in it.
_WITH_CONTENT = ("force_delete", "force_destroy")


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


def check_destroy(stacks: Iterable[Stack], project: Project) -> None:
    """Raise HarnessError if a stack has a protected resource: Terraform would first destroy the others."""
    found = [block.path for stack in stacks for block in stack.resources() if block.get("lifecycle.prevent_destroy")]
    if found:
        raise HarnessError(_protected(project, f", and this would delete {', '.join(found)}"))


def kept_content(stacks: Iterable[Stack], project: Project) -> list[str]:
    """Names of the stacks to deploy before a destroy if the protection is lifted now.

    Only what was deployed with these arguments is deleted with its content.
    """
    if not project.protection_lifted:
        return []
    blocks = [(stack.name, block) for stack in stacks for block in stack.resources()]
    return [name for name, block in blocks if any(map(block.get, _WITH_CONTENT))]


def with_unprotect_hint(failure: CommandFailed, project: Project) -> CommandFailed:
    """Return the failure, with what lifts the protection if that is its reason."""
    if _REFUSED not in failure.output:
        return failure
    return CommandFailed(f"{failure}: {_protected(project)}", tail=failure.tail, output=failure.output)


def _protected(project: Project, why: str = "") -> str:
    what = f"stage {project.stage} is protected" if project.stage else "the deployment is protected"
    return f"{what}{why}{f': {project.unprotected_by} lifts that' if project.unprotect else ''}"
