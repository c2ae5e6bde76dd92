"""Terraform on the synthesized stacks of an app, without CDKTF's command line in between (which costs 2 s a run)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.process import TAIL_LINES, run
from cdktf_harness.project.variables import ENGINE
from cdktf_harness.synthesis.synthesis import Stack
from cdktf_harness.terraform.changes import Changes, read_plan
from cdktf_harness.terraform.explained import Place, explained
from cdktf_harness.terraform.program import USES_PROVIDERS
from cdktf_harness.terraform.running import RunningTerraform
from terraform_standins.serving.kept import Keeper

PLAN_FILE = "plan.bin"


class Terraform:
    """Runs Terraform with `env` in the folders of synthesized stacks; initialises each once.

    The bundled providers of each stay up until `close`, and so does this environment's own Terraform.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self._providers = Keeper(env)
        self._running: dict[Path, RunningTerraform] = {}
        self._initialised: dict[str, Any] = {}
        # Of all that was planned here: what a plan deletes is not in the stack any more.
        self._paths: dict[str, str] = {}

    def plan_all(self, stacks: Sequence[Stack]) -> list[Changes]:
        """Plan several stacks at the same time, each against what is there. Raises CommandFailed."""
        # One after the other: the cache of plug-ins is not made for two that fill it.
        for stack in stacks:
            self._initialise(stack)
        with ThreadPoolExecutor() as pool:
            return list(pool.map(self.plan, stacks))

    def plan(self, stack: Stack) -> Changes:
        """Plan a stack. Raises CommandFailed with Terraform's errors and where their resources were made."""
        self._initialise(stack)
        self.run(stack, "plan", "-input=false", f"-out={PLAN_FILE}")
        document = json.loads(self.run(stack, "show", "-json", PLAN_FILE).splitlines()[-1])
        self._paths.update(stack.paths)
        return read_plan(stack.name, document, self._paths, stack.sources)

    def apply(self, stack: Stack) -> None:
        """Apply the plan made last. Raises CommandFailed."""
        self.run(stack, "apply", "-input=false", "-auto-approve", PLAN_FILE)

    def run(self, stack: Stack, command: str, *arguments: str) -> str:
        """Run one of Terraform's commands in a stack's folder and return what it printed. Raises CommandFailed."""
        options = [] if command in ("show", "state") else ["-no-color"]
        kept = self._providers.variables(stack.folder) if command in USES_PROVIDERS else {}
        here = kept and not self.env.get(ENGINE)
        try:
            return (self._run_here if here else self._run)(stack, {**self.env, **kept}, command, *options, *arguments)
        except CommandFailed as failure:
            blocks = (*stack.resources(), *stack.data_sources())
            made = [Place(block.path, block.address, block.type, block.source) for block in blocks]
            raise explained(failure, f"terraform {command} of stack {stack.name}", made, self.env) from None

    def close(self) -> None:
        """End what stayed up."""
        while self._running:
            self._running.popitem()[1].close()
        self._providers.close()

    def _run(self, stack: Stack, env: Mapping[str, str], *arguments: str) -> str:
        return run([env.get("TERRAFORM_BINARY_NAME", "terraform"), *arguments], cwd=stack.folder, env=env)

    def _run_here(self, stack: Stack, env: Mapping[str, str], *arguments: str) -> str:
        running = self._running.setdefault(stack.folder, RunningTerraform(stack.folder))
        code, output = running.run(env, *arguments)
        lines = [line.rstrip() for line in output.splitlines()]
        if code != 0:
            what = f"`terraform {' '.join(arguments)}` ended with exit code {code}"
            raise CommandFailed(what, tail="\n".join(lines[-TAIL_LINES:]), output="\n".join(lines))
        return "\n".join(lines)

    def _initialise(self, stack: Stack) -> None:
        needs = stack.document.get("terraform")
        if self._initialised.get(stack.name) != needs:
            self.run(stack, "init", "-input=false", "-reconfigure")
            self._initialised[stack.name] = needs
