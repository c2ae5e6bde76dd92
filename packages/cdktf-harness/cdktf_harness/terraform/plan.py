"""What Terraform would do to one synthesized stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.project.process import run

PLAN_FILE = "plan.bin"


@dataclass(frozen=True)
class Plan:
    """A plan in Terraform's JSON form (`terraform show -json`, "Plan Representation")."""

    document: Mapping[str, Any]

    @property
    def changes(self) -> dict[str, Mapping[str, Any]]:
        """The changes of managed resources by address, without those that change nothing."""
        return {
            change["address"]: change["change"]
            for change in self.document.get("resource_changes", [])
            if change["mode"] == "managed" and change["change"]["actions"] != ["no-op"]
        }

    @property
    def actions(self) -> dict[str, str]:
        """What happens to each resource that changes: create, update, delete; delete+create is a replacement."""
        return {address: "+".join(change["actions"]) for address, change in self.changes.items()}


def plan(stack: Path, env: Mapping[str, str]) -> Plan:
    """Initialise the synthesized stack in the folder `stack` and plan it. Raises CommandFailed."""
    terraform = env.get("TERRAFORM_BINARY_NAME", "terraform")
    run([terraform, "init", "-input=false", "-no-color"], cwd=stack, env=env)
    run([terraform, "plan", "-input=false", "-no-color", f"-out={PLAN_FILE}"], cwd=stack, env=env)
    shown = run([terraform, "show", "-json", PLAN_FILE], cwd=stack, env=env)
    return Plan(json.loads(shown.splitlines()[-1]))
