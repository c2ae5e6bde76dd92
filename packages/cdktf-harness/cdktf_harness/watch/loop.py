"""The loop of `watch`: after a change, synthesize, apply the changed stacks and show the new answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.markup import escape

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project.variables import STATES
from cdktf_harness.synthesis import manifest, sources
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps
from cdktf_harness.terraform import backend
from cdktf_harness.terraform.run import Terraform
from cdktf_harness.watch.files import ProjectFiles
from cdktf_harness.watch.warm_app import WarmApp

_SHOWN_FILES = 3


def ask(deployment: Deployment) -> str:
    """Return the answer of the deployed URL in one line."""
    return " ".join(deployment.answer(patience=0).split())


def watch(deployment: Deployment, after: Callable[[Deployment], str] = ask) -> None:
    """Deploy every change of the project's files until an interrupt; the deployment stays.

    `after` is called after each deployment, and returns what to show of it.
    """
    with ExitStack() as stack:
        watcher = Watcher(deployment, stack, after)
        files = ProjectFiles(deployment.project.root)
        for number, changed in enumerate(files.changes()):
            watcher.cycle(changed)
            if number == 0:
                deployment.steps.say(f"Watching {files.root}; Ctrl-C stops that and leaves the deployment up")


class Watcher:
    """A deployment, and the processes that are kept running to change it quickly; `exits` ends them."""

    def __init__(self, deployment: Deployment, exits: ExitStack, after: Callable[[Deployment], str]) -> None:
        self._deployment = deployment
        self._after = after
        notes = deployment.folder / "imports.json"
        env = sources.noted(deployment.env, deployment.notes)
        self._app = WarmApp(deployment.project.root, deployment.out, notes, env)
        exits.callback(self._app.close)
        self._terraform = Terraform(deployment.env, deployment.steps, deployment.by_stack)
        exits.callback(self._terraform.close)
        self._stacks = deployment.stacks(deployment.synthesis())
        self._applied = {stack.name: self._version(stack) for stack in self._stacks}
        self._start_providers()

    def cycle(self, changed: Collection[Path] = ()) -> bool:
        """Deploy after a change of files (relative paths; none: unknown ones); return whether it succeeded.

        Print a line, or the error. Raises HarnessError if the deployment was removed.
        """
        with self._deployment.owned():
            return self._cycle(changed)

    def _cycle(self, changed: Collection[Path]) -> bool:
        if not self._deployment.folder.exists():
            up = self._deployment.project.command("watch")
            raise HarnessError(f"the deployment was removed: run {up} to deploy it again")
        cycle, deployed = Cycle(changed), False
        if types := self._deployment.project.types:
            # The providers import the app's types once.
            self._terraform.close()
            self._start_providers()
            tops = {top.removesuffix(".py") for path in changed for top in path.parts[:1]}
            if tops & {name.partition(".")[0] for name in types}:
                self._applied.clear()
        try:
            with cycle.part("synth"):
                manifest.forget(self._deployment.out)
                self._app.synthesize(changed, self._deployment.steps.detail)
            self._deployment.check_states()
            deployed = self._apply(cycle)
            if deployed and self._deployment.project.url:
                with cycle.part("answer") as say:
                    say(self._after(self._deployment))
        except HarnessError as error:
            cycle.failed(error, self._deployment.steps, deployed=deployed)
            return False
        else:
            if changed or deployed:
                cycle.done(self._deployment.steps)
            return True
        finally:
            self._app.prepare()

    def _apply(self, cycle: Cycle) -> bool:
        """Apply the stacks whose document has changed, and those that read their outputs."""
        synthesis = self._deployment.synthesis()
        self._deployment.project.check_stacks(list(synthesis))
        changed: set[str] = set()
        self._stacks = self._deployment.stacks(synthesis)
        for stack in self._stacks:
            if self._version(stack) != self._applied.get(stack.name) or changed.intersection(stack.dependencies):
                # Unless this succeeds, the next cycle applies it again.
                self._applied.pop(stack.name, None)
                with cycle.part(stack.name) as say:
                    say(str(self._deployment.apply(stack, self._terraform).counts))
                self._applied[stack.name] = self._version(stack)
                changed.add(stack.name)
        return bool(changed)

    def _version(self, stack: Stack) -> tuple[Mapping[str, Any], bytes]:
        """Return what an apply depends on: the stack's document, and its state, which other commands may change."""
        state = Path(backend.state_file(self._deployment.env[STATES], stack.name))
        return stack.document, state.read_bytes() if state.exists() else b""

    def _start_providers(self) -> None:
        for stack in self._stacks:
            self._terraform.start_providers(stack)


class Cycle:
    """The parts of the deployment of one change, with their times in seconds."""

    def __init__(self, changed: Iterable[Path]) -> None:
        self._started = time.monotonic()
        names = sorted(map(str, changed))
        more = f" and {len(names) - _SHOWN_FILES} more" if len(names) > _SHOWN_FILES else ""
        self._files = ", ".join(names[:_SHOWN_FILES]) + more or "files"
        self._parts: list[str] = []
        self._answer = ""

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[str], None]]:
        """Time the block as a part; yield a function that sets its outcome."""
        outcome: list[str] = []
        started = time.monotonic()
        yield outcome.append
        said = f" ({outcome[0]})" if outcome else ""
        self._parts.append(f"{name} {time.monotonic() - started:.1f} s{said}")

    def done(self, steps: Steps) -> None:
        """Show the line of a successful deployment."""
        self._show(steps, "[green]✓[/green]")

    def failed(self, error: HarnessError, steps: Steps, *, deployed: bool) -> None:
        """Show the error, and which version answers now."""
        if isinstance(error, CommandFailed) and error.tail:
            steps.console.print(f"[dim]{escape(error.tail)}[/dim]")
        now = "the change is deployed" if deployed else "the previous version keeps serving"
        self._parts.append(f"{error}; {now}")
        self._show(steps, "[red]✗[/red]")

    def _show(self, steps: Steps, mark: str) -> None:
        clock, total = time.strftime("%H:%M:%S"), time.monotonic() - self._started
        line = escape(f"{self._files}: {', '.join(self._parts)}")
        steps.console.print(f"{mark} [dim]{clock}[/dim] {line} [dim]{total:.1f} s[/dim]")
