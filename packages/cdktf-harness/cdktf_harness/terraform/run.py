"""Run Terraform on synthesized stacks, without CDKTF's command line, which takes 2 s."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.processes import Process
from cdktf_harness.project.programs import TAIL_LINES, run
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.variables import ENGINE, STATES
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.explained import explained
from cdktf_harness.terraform.messages import Applied, Messages
from cdktf_harness.terraform.plan_json import read_plan
from cdktf_harness.terraform.program import USES_PROVIDERS
from cdktf_harness.terraform.resident import ResidentTerraform
from terraform_standins.serving.kept import Keeper

PLAN_FILE = "plan.bin"
# The parts of a stack that `terraform init` depends on.
_INITIALISED = ("terraform", "module")


class Terraform:
    """Runs Terraform with `env` in the folders of synthesized stacks; initialises a stack again if necessary.

    The bundled providers of each stack are kept running until `close`. So is this environment's Terraform, unless
    `steps` are given, which show what an apply does: then each command is a new process.
    """

    def __init__(self, env: Mapping[str, str], steps: Steps | None = None) -> None:
        self.env = env
        self._steps = steps
        self._providers = Keeper(env)
        self._running: dict[Path, ResidentTerraform] = {}
        self._initialised: dict[Path, Any] = {}
        # Of all planned stacks: a stack no longer contains what its plan deletes.
        self._paths: dict[str, str] = {}

    def plan_all(self, stacks: Sequence[Stack], *, refresh: bool = True) -> list[Changes]:
        """Plan several stacks concurrently, each alone, as `plan` does. Raises CommandFailed."""
        # Not concurrently: Terraform's plug-in cache does not support that.
        for stack in stacks:
            self._initialise(stack)
        with ThreadPoolExecutor() as pool:
            return list(pool.map(partial(self.plan, refresh=refresh), stacks))

    def plan(self, stack: Stack, *, refresh: bool = True) -> Changes:
        """Plan a stack, without `refresh` from what its state says.

        Raises CommandFailed with Terraform's errors and the source lines of their resources.
        """
        self._initialise(stack)
        self.run(stack, "plan", "-input=false", f"-refresh={str(refresh).lower()}", f"-out={PLAN_FILE}")
        document = json.loads(self.run(stack, "show", "-json", PLAN_FILE).splitlines()[-1])
        self._paths.update(stack.paths)
        return read_plan(stack.name, document, self._paths, stack.sources)

    def apply(self, stack: Stack, *arguments: str, needs: Process | None = None) -> Applied:
        """Apply a stack; `arguments` are further ones, such as `PLAN_FILE` for the last plan.

        Stop it if the process `needs` ends. Raises CommandFailed.
        """
        self._initialise(stack)
        messages = Messages(self._steps.detail if self._steps else lambda line: None)
        options = ("-json", "-input=false", "-auto-approve")
        try:
            self._run(stack, "apply", *options, *arguments, on_line=messages.read, needs=needs)
        except CommandFailed as failure:
            raise self._explained(messages.readable(failure), stack, "apply") from None
        return messages.applied()

    def run(self, stack: Stack, command: str, *arguments: str) -> str:
        """Run a command of Terraform in a stack's folder and return its output. Raises CommandFailed."""
        try:
            return self._run(stack, command, *arguments)
        except CommandFailed as failure:
            raise self._explained(failure, stack, command) from None

    def pull(self, stack: Stack) -> dict[str, Any] | None:
        """The state of a stack; None if there is none. Raises CommandFailed."""
        self._initialise(stack)
        text = self.run(stack, "state", "pull").strip()
        return dict(json.loads(text)) if text else None

    def push(self, stack: Stack, state: Path) -> None:
        """Put a state in the place of a stack's own. Raises CommandFailed if that is another or a newer one."""
        self._initialise(stack)
        self.run(stack, "state", "push", str(state))

    def take_over(self, stack: Stack) -> None:
        """Adopt a stack that is initialised already, and start its providers in advance."""
        self._initialised[stack.folder] = _needed(stack)
        self._providers.start(stack.folder)

    def close(self) -> None:
        """Stop all processes."""
        while self._running:
            self._running.popitem()[1].close()
        self._providers.close()

    def _run(
        self,
        stack: Stack,
        command: str,
        *arguments: str,
        on_line: Callable[[str], None] = lambda line: None,
        needs: Process | None = None,
    ) -> str:
        options = [] if command in ("show", "state") else ["-no-color"]
        kept = self._providers.variables(stack.folder) if command in USES_PROVIDERS else {}
        env, arguments = {**self.env, **kept}, (command, *options, *arguments)
        if not kept or self.env.get(ENGINE) or self._steps:
            program = [env.get("TERRAFORM_BINARY_NAME", "terraform"), *arguments]
            say = self._steps.say if self._steps else lambda line: None
            return run(program, cwd=stack.folder, env=env, on_line=on_line, say=say, needs=needs)
        running = self._running.setdefault(stack.folder, ResidentTerraform(stack.folder))
        code, output = running.run(env, *arguments)
        lines = [line.rstrip() for line in output.splitlines()]
        for line in lines:
            on_line(line)
        if code != 0:
            what = f"`terraform {' '.join(arguments)}` ended with exit code {code}"
            raise CommandFailed(what, tail="\n".join(lines[-TAIL_LINES:]), output="\n".join(lines))
        return "\n".join(lines)

    def _initialise(self, stack: Stack) -> None:
        if self._initialised.get(stack.folder) != _needed(stack):
            # Elsewhere than here, the state may be where the stack was initialised before.
            here = ["-reconfigure"] if STATES in self.env else []
            self.run(stack, "init", "-input=false", *here)
            self._initialised[stack.folder] = _needed(stack)

    def _explained(self, failure: CommandFailed, stack: Stack, command: str) -> CommandFailed:
        return explained(failure, f"terraform {command} of stack {stack.name}", [stack], self.env)


def _needed(stack: Stack) -> dict[str, Any]:
    return {key: stack.document.get(key) for key in _INITIALISED}
