"""Deploy, plan and destroy the stacks of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.deployment.forked import providers_forked
from cdktf_harness.deployment.log_files import logs_shown
from cdktf_harness.deployment.states import Instance, instances
from cdktf_harness.deployment.target import Outputs, Target
from cdktf_harness.project import records
from cdktf_harness.project.kind import kind
from cdktf_harness.project.processes import Process
from cdktf_harness.synthesis import manifest, sources
from cdktf_harness.terraform.cdktf_cli import cdktf, changes, check_ended_well, planned

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Stack, Synthesis
    from cdktf_harness.terraform.changes import Changes, Drift
    from cdktf_harness.terraform.run import Terraform


class Deployment(Target):
    """The stacks of a project in one cloud: what deploys, plans and destroys them."""

    def cdktf(self, *arguments: str) -> str:
        """Run the CDKTF command line in the project and return what it printed.

        Raises CommandFailed with all of Terraform's errors and the source lines of the resources that they name.
        """
        if "--skip-synth" not in arguments:
            manifest.forget(self.out)
        with (
            manifest.awaited(self.out, self.steps.say),
            providers_forked(arguments[0], self.folder, self.env) as variables,
        ):
            return cdktf(
                *arguments,
                project=self.project.root,
                env={**self.synthesis_env, **variables},
                on_line=self.steps.detail,
                say=self.steps.say,
                needs=self.needs,
                stacks=lambda: self.synthesis().values(),
                synthesized=lambda: manifest.is_there(self.out),
            )

    @property
    def out(self) -> Path:
        """The folder of the synthesized stacks."""
        return Path(self.env["CDKTF_OUTPUT"])

    @property
    def synthesis_env(self) -> dict[str, str]:
        """`env`, with which the app also records the source line of each construct."""
        return sources.noted(self.env, self._sources)

    def synthesis(self) -> Synthesis:
        """Return the stacks of the last synthesis. Raises HarnessError if there are none."""
        # Imported late, as in `plan`: most commands need neither.
        from cdktf_harness.synthesis.stacks import read_synthesis

        return read_synthesis(self.out, self.project.root, sources.read(self._sources, self.project.root))

    def plan(self, stack: str) -> Changes:
        """Synthesize the project and plan one of its stacks. Raises CommandFailed."""
        from cdktf_harness.terraform.run import Terraform

        self.check_states()
        self.cdktf("synth")
        with closing(Terraform(self.env)) as terraform:
            return terraform.plan(self.synthesis()[stack])

    def drift(self) -> Mapping[str, Drift]:
        """Synthesize the project and return what was changed or added behind Terraform's back, by construct path.

        Raises CommandFailed, and botocore's errors.
        """
        from cdktf_harness.deployment.additions import additions
        from cdktf_harness.terraform.run import Terraform

        self.check_states()
        with self.steps.step(f"{kind(self.project.root)} synth"):
            self.cdktf("synth")
        found: dict[str, Drift] = {}
        state: list[Instance] = []
        with closing(Terraform(self.env)) as terraform:
            synthesis = self.synthesis()
            for name in self.project.stacks:
                with self.steps.step(f"terraform plan of {name}"):
                    found |= terraform.plan(synthesis[name]).drift
                    state += instances(terraform.pull(synthesis[name]) or {})
        with self.steps.step("Policies of roles and functions, methods of APIs"):
            for added in additions(state, synthesis, self.client):
                changed = found[added.path].attributes if added.path in found else {}
                found[added.path] = replace(added, attributes={**changed, **added.attributes})
        return found

    def apply(self, stack: Stack, terraform: Terraform) -> str:
        """Apply one stack without CDKTF's command line, store its outputs, and return a summary of the changes.

        Raises CommandFailed.
        """
        with self._logs_shown:
            applied = terraform.apply(stack, needs=self.needs)
        records.write(self._outputs, {**self.outputs(), stack.name: dict(applied.outputs)})
        return applied.changes

    @property
    def _logs_shown(self) -> AbstractContextManager[None]:
        return logs_shown(self.out, self.project.logs)

    @property
    def needs(self) -> Process | None:
        """The process that a deployment needs to be running."""
        return None

    def check_states(self) -> None:
        """Check Terraform's states before they are read. Raises HarnessError if one was lost."""

    def applying(self) -> AbstractContextManager[None]:
        """The context in which stacks are applied."""
        return nullcontext()

    def deploy(self, *options: str, only: str = "") -> Outputs:
        """Deploy all stacks, or `only` one, and return all outputs by stack and name. Raises CommandFailed.

        `options` are those of CDKTF's command line.
        """
        stacks = [only] if only else self.project.stacks
        options += ("--ignore-missing-stack-dependencies",) if only else ()
        with self.applying(), self.steps.step(f"{kind(self.project.root)} deploy {' '.join(stacks)}"):
            written = self._outputs.with_suffix(".new.json")
            with self._logs_shown:
                arguments = (*stacks, "--auto-approve", *options, "--outputs-file", str(written))
                output = self.cdktf("deploy", *arguments)
                check_ended_well(output, stacks, "deploy")
            self._keep(written, self.outputs() if only else {})
        self.steps.say(f"  {changes(output)}")
        return self.outputs()

    def diff(self) -> str:
        """Return Terraform's plan of each stack, as text. Raises CommandFailed."""
        self.check_states()
        plans = []
        for stack in self.project.stacks:
            with self.steps.step(f"{kind(self.project.root)} diff {stack}"):
                plans.append(f"{stack}: {planned(self.cdktf('diff', stack), stack)}")
        return "\n\n".join(plans)

    def destroy(self, *options: str, only: Sequence[str] = ()) -> None:
        """Destroy all stacks, or `only` some; `options` are those of CDKTF's command line."""
        stacks = only or self.project.stacks
        options += ("--ignore-missing-stack-dependencies",) if only else ()
        with self.steps.step(f"{kind(self.project.root)} destroy {' '.join(stacks)}"):
            output = self.cdktf("destroy", *stacks, "--auto-approve", *options)
            check_ended_well(output, stacks, "destroy")
        self._outputs.unlink(missing_ok=True)

    @property
    def _sources(self) -> Path:
        return self.own / "sources.json"
