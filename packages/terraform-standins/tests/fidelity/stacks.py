"""The two stacks on an embedded cloud, with real Terraform and the bundled providers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from providers.running import Running

from .adapted import STACKS
from .recorded import Json


class Stack:
    """A stack's folder, for Terraform and providers that stay up between runs."""

    def __init__(self, folder: Path, env: dict[str, str], terraform: Running) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._env = env
        self._terraform = terraform

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command and return its output; fails the test if the exit code differs."""
        code, output = self._terraform.run(self._env, f"-chdir={self.folder}", *arguments)
        if code not in codes:
            pytest.fail(f"terraform {' '.join(arguments)} ended with {code}:\n{output}")
        return output

    def write(self, config: Json) -> None:
        """Write the configuration."""
        (self.folder / "main.tf.json").write_text(json.dumps(config))
        if not (self.folder / ".terraform").exists():
            self.run("init", "-input=false")

    def plan(self, config: Json, *options: str) -> Json:
        """The plan of a configuration in the form of `terraform show -json`."""
        self.write(config)
        self.run("plan", "-input=false", "-lock=false", "-out=plan.bin", *options)
        return self.show("plan.bin")

    def apply(self) -> list[Json]:
        """Apply the last plan; returns Terraform's events, including errors."""
        output = self.run("apply", "-input=false", "-json", "plan.bin", codes=(0, 1))
        return [json.loads(line) for line in output.splitlines()]

    def show(self, *arguments: str) -> Json:
        """The state, or a plan."""
        shown: Json = json.loads(self.run("show", "-json", *arguments))
        return shown

    def state(self) -> dict[str, Json]:
        """Resources of the state by address."""
        root = self.show().get("values", {}).get("root_module", {})
        return {resource["address"]: resource for resource in root.get("resources", ())}

    def attributes(self) -> dict[str, Json]:
        """The values of managed resources in the stored state, by address."""
        stored = json.loads((self.folder / "terraform.tfstate").read_text())["resources"]
        managed = [resource for resource in stored if resource["mode"] == "managed"]
        return {f"{r['type']}.{r['name']}": r["instances"][0]["attributes"] for r in managed if r["instances"]}


class Stacks:
    """Both stacks in a folder: `api` reads the state of `registry`."""

    def __init__(self, folder: Path, env: dict[str, str], terraform: Running) -> None:
        self._folder = folder
        self._env = env
        self.by_name = {name: Stack(folder / name, env, terraform) for name in STACKS}

    def __getitem__(self, name: str) -> Stack:
        return self.by_name[name]

    def copy(self, folder: Path, terraform: Running) -> Stacks:
        """A copy of the stacks and states, for concurrent plans if it has a Terraform that no other has."""
        shutil.copytree(self._folder, folder, symlinks=True)
        return Stacks(folder, self._env, terraform)


def resource_changes(plan: Json) -> dict[str, Any]:
    """What a plan changes or reads, by address."""
    changes = {change["address"]: change for change in plan.get("resource_changes", ())}
    return {address: change for address, change in changes.items() if change["change"]["actions"] != ["no-op"]}
