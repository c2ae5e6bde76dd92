"""Resources that are protected: Terraform refuses to delete or replace a resource with `prevent_destroy`."""

from __future__ import annotations

from collections.abc import Iterable

from cdktf_harness.project.project import Project
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system.errors import CommandFailed, HarnessError

# Terraform's error (1.15; OpenTofu's is the same).
_REFUSED = "Instance cannot be destroyed"
# Arguments of a resource that is deleted with what is in it.
_WITH_CONTENT = ("force_delete", "force_destroy")


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
