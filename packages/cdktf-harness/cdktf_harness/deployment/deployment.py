"""Deploy, plan and destroy the stacks of a project."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from pathlib import Path

from cdktf_harness.deployment.additions import additions
from cdktf_harness.deployment.log_files import logs_shown
from cdktf_harness.deployment.target import Outputs, Target
from cdktf_harness.synthesis import app_process, sources
from cdktf_harness.synthesis.leaving_out import leave_out, unused_builds
from cdktf_harness.synthesis.stacks import Stack, Synthesis, read_synthesis
from cdktf_harness.system import json_store
from cdktf_harness.system.processes import Process
from cdktf_harness.system.progress import Step
from cdktf_harness.terraform.changes import Drift
from cdktf_harness.terraform.messages import Applied, Counts
from cdktf_harness.terraform.run import Terraform, in_order
from cdktf_harness.terraform.state import Instance, instances

# The first and last lines of Terraform's plan; those of the refresh are before it.
_PLAN = re.compile(r"^(?:No changes\.|Terraform used the selected providers|Changes to Outputs:).*", re.M | re.S)
_PLAN_ENDS = re.compile(r"^(?:─+|Note: You didn't use the -out option).*", re.M | re.S)


class Deployment(Target):
    """The stacks of a project in one cloud: what deploys, plans and destroys them."""

    asks: bool = False
    """Whether `review` asks for a confirmation."""

    waits: bool = True
    """Whether a stack waits for those that it depends on also if these are as they were last deployed."""

    builds: bool = True
    """Whether `deploy` builds images that were never built for this deployment although nothing uses them."""

    changed: bool = True
    """Whether the last `deploy` changed a resource; True before the first one."""

    @property
    def out(self) -> Path:
        """The folder of the synthesized stacks."""
        return Path(self.env["CDKTF_OUTPUT"])

    @property
    def notes(self) -> Path:
        """The file of the source lines of the app's constructs."""
        return self.own / "sources.json"

    def synthesize(self, title: str = "Synthesis") -> Synthesis:
        """Run the app and return its stacks; `title` is that of the step. Raises CommandFailed with the app's error."""
        self.own.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.steps.step(title):
            root, detail = self.project.root, self.steps.detail
            synthesis = app_process.synthesize(root, self.out, self.env, self.notes, on_line=detail)
            self.project.check_stacks(list(synthesis))
        return synthesis

    def synthesis(self) -> Synthesis:
        """Return the stacks of the last synthesis. Raises HarnessError if there are none."""
        return read_synthesis(self.out, self.project.root, sources.read(self.notes, self.project.root))

    def stacks(self, synthesis: Synthesis, only: Collection[str] = ()) -> list[Stack]:
        """Return the stacks of the deployment, or `only` some, each after those that it depends on."""
        return [stack for name, stack in synthesis.items() if name in (only or self.project.stacks or synthesis)]

    @property
    def needs(self) -> Process | None:
        """The process that a deployment needs to be running."""
        return None

    def check_states(self) -> None:
        """Raise HarnessError if Terraform's states cannot be used."""

    def review(self, stack: Stack, terraform: Terraform) -> list[str]:
        """Have the changes of a stack confirmed where that is necessary; return arguments for its apply."""
        return []

    def deploy(self, *, only: Collection[str] = (), synthesis: Synthesis | None = None) -> Outputs:
        """Deploy all stacks, or `only` some, and return all outputs by stack and name. Raises CommandFailed.

        The app is synthesized first, unless a `synthesis` is given.
        """
        self.check_states()
        with self.terraform() as terraform:
            found = synthesis or self.synthesize()
            stacks = self.stacks(found, only)
            if not self.builds:
                stacks = self._without_builds(stacks, terraform)
            deployed = {} if self.waits else json_store.read(self._outputs) or {}
            # The digests of the stacks that were last deployed.
            digests = self.own / "deployed.json"
            known, all_counts = json_store.read(digests) or {}, list[Counts]()
            same = {each.name for each in stacks if each.name in deployed and known.get(each.name) == each.digest}

            def apply(stack: Stack) -> Applied:
                reviewed = self.review(stack, terraform)
                title = f"Stack {stack.name}"
                applied = self._stepped(title, lambda step: self._apply(stack, terraform, step, *reviewed))
                all_counts.append(applied.counts)
                return applied

            def changed(name: str, applied: Applied) -> bool:
                return applied.counts != Counts() or found[name].by_construct(applied.outputs) != deployed.get(name)

            applied = in_order(stacks, apply, self.steps.say, one_by_one=self.asks, same=same, changed=changed)
            outputs = {stack.name: stack.by_construct(applied[stack.name].outputs) for stack in stacks}
            json_store.write(self._outputs, {**(self._kept_outputs() or {} if only else {}), **outputs})
            json_store.write(digests, known | {each.name: each.digest for each in stacks if each.digest})
        counts = reduce(Counts.__add__, all_counts, Counts())
        self.changed = counts != Counts()
        self.steps.say(f"  {counts}")
        return self.outputs()

    def _without_builds(self, stacks: Sequence[Stack], terraform: Terraform) -> list[Stack]:
        state = {stack.name: {one.address for one in instances(terraform.pull(stack) or {})} for stack in stacks}
        leave_out(stacks, [block for stack in stacks for block in unused_builds(stack, state[stack.name])])
        synthesis = self.synthesis()
        return [synthesis[stack.name] for stack in stacks]

    def apply(self, stack: Stack, terraform: Terraform) -> Applied:
        """Apply one stack of a deployment again and store its outputs. Raises CommandFailed."""
        applied = self._apply(stack, terraform)
        json_store.write(self._outputs, {**self.outputs(), stack.name: stack.by_construct(applied.outputs)})
        return applied

    def _apply(self, stack: Stack, terraform: Terraform, step: Step | None = None, *arguments: str) -> Applied:
        with logs_shown(self.out, self.project.logs):
            return terraform.apply(stack, *arguments, step=step, needs=self.needs)

    def diff(self) -> str:
        """Return Terraform's plan of each stack, as text. Raises CommandFailed."""
        self.check_states()
        plans = []
        with self.terraform() as terraform:
            for stack in self.stacks(self.synthesize()):
                with self.steps.step(f"Plan of stack {stack.name}"):
                    text = terraform.run(stack, "plan", "-input=false")
                plan = _PLAN.search(text)
                plans.append(f"{stack.name}: {_PLAN_ENDS.sub('', plan[0] if plan else text).rstrip()}")
        return "\n\n".join(plans)

    def drift(self) -> Mapping[str, Drift]:
        """Synthesize the project and return what was changed or added behind Terraform's back, by construct path.

        Raises CommandFailed, and botocore's errors.
        """
        self.check_states()
        found: dict[str, Drift] = {}
        state: list[Instance] = []
        with self.terraform() as terraform:
            synthesis = self.synthesize()
            for stack in self.stacks(synthesis):
                with self.steps.step(f"Plan of stack {stack.name}"):
                    found |= terraform.plan(stack).drift
                    state += instances(terraform.pull(stack) or {})
        with self.steps.step("Policies of roles and functions, methods of APIs"):
            for added in additions(state, synthesis, self.client):
                changed = found[added.path].attributes if added.path in found else {}
                found[added.path] = replace(added, attributes={**changed, **added.attributes})
        return found

    def destroy(self, *, only: Collection[str] = (), synthesis: Synthesis | None = None) -> None:
        """Destroy all stacks, or `only` some. Raises CommandFailed."""
        with self.terraform() as terraform:
            found = synthesis or self.synthesize()
            stacks = self.stacks(found, only)

            def destroy(stack: Stack) -> Applied:
                title = f"Stack {stack.name} destroyed"
                return self._stepped(title, lambda step: terraform.destroy(stack, step=step, needs=self.needs))

            in_order(stacks, destroy, self.steps.say, backwards=True)
        if not only:
            self._outputs.unlink(missing_ok=True)

    @contextmanager
    def terraform(self) -> Iterator[Terraform]:
        """Terraform in the environment of the deployment; what it keeps running ends with the block."""
        terraform = Terraform(self.env, self.steps, self.by_stack)
        try:
            yield terraform
        finally:
            terraform.close()

    def _stepped(self, title: str, change: Callable[[Step], Applied]) -> Applied:
        with self.steps.step(title) as step:
            applied = change(step)
            step.outcome = f": {applied.counts}"
        return applied
