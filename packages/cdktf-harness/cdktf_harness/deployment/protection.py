"""Resources that are protected: Terraform must not delete or replace them.

Terraform refuses to destroy a resource with `prevent_destroy`, but deletes it if its block is not in the configuration
any more. So a stack lists the types in its comment: `stack.add_override("//.protected", ["aws_ecr_repository"])`.
"""

from __future__ import annotations

from collections.abc import Iterable

from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.project import Project
from cdktf_harness.synthesis.stacks import COMMENT, Stack
from cdktf_harness.terraform.run import Terraform


def check_destroy(stacks: Iterable[Stack], project: Project) -> None:
    """Raise HarnessError if a stack has a protected resource."""
    found = [block.path for stack in stacks for block in stack.resources() if block.get("lifecycle.prevent_destroy")]
    _refuse(found, project)


def check_deploy(stacks: Iterable[Stack], terraform: Terraform, project: Project) -> None:
    """Raise HarnessError if the state has a resource of a protected type that is not in the stack any more."""
    found = [address for stack in stacks for address in _removed(stack, terraform)]
    _refuse(found, project)


def _removed(stack: Stack, terraform: Terraform) -> list[str]:
    protected = stack.document.get(COMMENT, {}).get("protected", ())
    if not protected:
        return []
    deployed = [address.partition("[")[0] for address in terraform.deployed(stack)]
    return [one for one in deployed if one.partition(".")[0] in protected and one not in stack.paths]


def _refuse(found: list[str], project: Project) -> None:
    if found:
        lifted = f": {project.unprotected_by} lifts that" if project.unprotect else ""
        which = f"stage {project.stage}" if project.stage else "the deployment"
        raise HarnessError(f"{which} is protected, and this would delete {', '.join(found)}{lifted}")
