"""The life of a deployment: up, outputs, answer, down."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from cdktf_harness.project import records
from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.kind import kind
from cdktf_harness.project.owner import owned
from cdktf_harness.project.process import TAIL_LINES
from cdktf_harness.project.processes import Process
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.project import Project
from cdktf_harness.synthesis import synthesized
from cdktf_harness.synthesis.sources import noted
from cdktf_harness.terraform.cdktf_cli import cdktf, changes, check_ended_well, planned
from cdktf_harness.terraform.explained import places
from cdktf_harness.terraform.plan import Plan, plan

Outputs = Mapping[str, Mapping[str, Any]]


@dataclass
class Deployment:
    """The stacks of a project in one cloud; everything about it is kept in `folder`.

    `env` is the whole environment of the programs that deploy.
    """

    brought_up_by: ClassVar[str] = "up"
    """The harness's command that brings such a deployment up."""

    project: Project
    folder: Path
    env: Mapping[str, str]
    steps: Steps = field(default_factory=Steps)

    def owned(self) -> AbstractContextManager[None]:
        """Have the deployment for this command alone; where another one works on it, wait with a line."""
        return owned(self.folder, self.steps.say)

    def cdktf(self, *arguments: str) -> str:
        """Run the CDKTF command line in the project and return what it printed.

        Raises CommandFailed with Terraform's errors whole, and where the app made the resources that they name.
        """
        notes, out, root = self.folder / "sources.json", Path(self.env["CDKTF_OUTPUT"]), self.project.root
        if "--skip-synth" not in arguments:
            synthesized.forget(out)
        with synthesized.awaited(out, self.steps.say):
            return cdktf(
                *arguments,
                project=root,
                env=noted(self.env, notes),
                on_line=self.steps.detail,
                say=self.steps.say,
                needs=self.needs,
                made=lambda: places(out, root, notes),
                synthesized=lambda: synthesized.is_there(out),
            )

    def plan(self, stack: str) -> Plan:
        """Synthesize the project and plan one of its stacks. Raises CommandFailed."""
        self.cdktf("synth")
        return plan(Path(self.env["CDKTF_OUTPUT"]) / "stacks" / stack, self.env)

    @property
    def needs(self) -> Process | None:
        """The process without which nothing can be deployed."""
        return None

    def applying(self) -> AbstractContextManager[None]:
        """The context in which stacks are applied."""
        return nullcontext()

    def deploy(self) -> Outputs:
        """Deploy all stacks and return their outputs by stack and name. Raises CommandFailed."""
        with self.applying(), self.steps.step(f"{kind(self.project.root)} deploy {' '.join(self.project.stacks)}"):
            started, written = time.time(), self._outputs.with_suffix(".new.json")
            try:
                output = self.cdktf("deploy", *self.project.stacks, "--auto-approve", "--outputs-file", str(written))
                check_ended_well(output, self.project.stacks, "deploy")
            except CommandFailed as failure:
                failure.tail += self.logs_since(started, known=failure.output)
                raise
            records.write(self._outputs, records.read(written, _by_stack) or {})
            written.unlink(missing_ok=True)
        self.steps.say(f"  {changes(output)}")
        return self.outputs()

    def diff(self) -> str:
        """What a deployment would change, stack by stack, in Terraform's words. Raises CommandFailed."""
        plans = []
        for stack in self.project.stacks:
            with self.steps.step(f"{kind(self.project.root)} diff {stack}"):
                plans.append(f"{stack}: {planned(self.cdktf('diff', stack), stack)}")
        return "\n\n".join(plans)

    def destroy(self) -> None:
        """Destroy all stacks."""
        with self.steps.step(f"{kind(self.project.root)} destroy {' '.join(self.project.stacks)}"):
            output = self.cdktf("destroy", *self.project.stacks, "--auto-approve")
            check_ended_well(output, self.project.stacks, "destroy")
        self._outputs.unlink(missing_ok=True)

    def outputs(self) -> Outputs:
        """The outputs of the last deployment, by stack and name. Raises HarnessError when there was none."""
        outputs: Outputs | None = records.read(self._outputs, _by_stack)
        if outputs is None:
            raise HarnessError(f"nothing is deployed; {self.project.command(self.brought_up_by)} does it")
        return outputs

    def save_outputs(self, stack: str, values: Mapping[str, Any]) -> None:
        """Keep the outputs of a stack that was applied without the CDKTF command line."""
        records.write(self._outputs, {**self.outputs(), stack: dict(values)})

    def url(self) -> str:
        """The deployed URL: the output that the project names for it."""
        stack, _, name = self.project.url.partition(".")
        try:
            return str(self.outputs()[stack][name])
        except KeyError:
            raise HarnessError(f"there is no output {self.project.url!r} (`url` in pyproject.toml)") from None

    def logs_since(self, started: float, *, known: str) -> str:
        """The ends of the project's log files that were written since, unless they are in what is `known` already."""
        tails = ""
        for path in sorted(Path(self.env["CDKTF_OUTPUT"]).glob(self.project.logs)) if self.project.logs else []:
            lines = path.read_text(errors="replace").strip().splitlines()[-TAIL_LINES:]
            if lines and path.stat().st_mtime >= started and lines[-1].strip() not in known:
                tails += "\n".join(["", f"{path.name}:", *lines])
        return tails

    @property
    def _outputs(self) -> Path:
        return self.folder / "outputs.json"


def _by_stack(content: Any) -> bool:
    return isinstance(content, dict) and all(isinstance(outputs, dict) for outputs in content.values())
