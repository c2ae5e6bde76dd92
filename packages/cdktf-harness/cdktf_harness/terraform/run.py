"""Run Terraform on synthesized stacks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from cdktf_harness.project.variables import STATES, TERRAFORM
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import CommandFailed, describe_exit
from cdktf_harness.system.processes import Process
from cdktf_harness.system.programs import TAIL_LINES, Threads, run
from cdktf_harness.system.progress import Step, Steps
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.error_hints import with_sources
from cdktf_harness.terraform.messages import Applied, Messages
from cdktf_harness.terraform.plan_json import read_plan
from cdktf_harness.terraform.program import USES_PROVIDERS
from cdktf_harness.terraform.provider_versions import different
from cdktf_harness.terraform.state import PLAN_FILE
from cdktf_harness.terraform.terraform_daemon import ResidentTerraform
from terraform_standins.serving.kept import Keeper
from terraform_standins.variables import KEEP_PROVIDERS

T = TypeVar("T")
# What `terraform init` depends on: parts of a stack, and variables.
_BLOCKS = ("terraform", "module")
_VARIABLES = ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", TERRAFORM, STATES)
# A digest of that, in the folder of Terraform's own data.
_INITIALISED = Path(".terraform", "initialised")
_REMOTE_STATE = "terraform_remote_state"
_NOT_INITIALISED = re.compile(r"terraform\s+init")


class Terraform:
    """Runs Terraform with `env` in the folders of synthesized stacks; initialises a stack if that is necessary.

    The bundled providers of each stack are kept running until `close`. So is this environment's Terraform, unless
    `steps` are given, which show what an apply does: then each command is a new process. `by_stack` are variables of
    single stacks, by name.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        steps: Steps | None = None,
        by_stack: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.env = env
        self._by_stack = {} if by_stack is None else by_stack
        self._steps = steps
        self._providers = Keeper(env)
        self._running: dict[Path, ResidentTerraform] = {}
        self._initialised: dict[Path, str] = {}
        self._lock = Lock()
        # Of all planned stacks: a stack no longer contains what its plan deletes.
        self._paths: dict[str, str] = {}

    def plan_all(self, stacks: Sequence[Stack], *, refresh: bool = True) -> list[Changes]:
        """Plan several stacks concurrently, each alone, as `plan` does. Raises CommandFailed."""
        with ThreadPoolExecutor() as pool:
            return list(pool.map(partial(self.plan, refresh=refresh), stacks))

    def plan(self, stack: Stack, *, refresh: bool = True) -> Changes:
        """Plan a stack, without `refresh` from what its state says.

        Raises CommandFailed with Terraform's errors and the source lines of their resources.
        """
        self.run(stack, "plan", "-input=false", f"-refresh={str(refresh).lower()}", f"-out={PLAN_FILE}")
        document = json.loads(self.run(stack, "show", "-json", PLAN_FILE).splitlines()[-1])
        self._paths.update(stack.paths | stack.modules)
        return read_plan(stack.name, document, self._paths, stack.sources)

    def apply(self, stack: Stack, *arguments: str, step: Step | None = None, needs: Process | None = None) -> Applied:
        """Apply a stack; `arguments` are further ones, such as `PLAN_FILE` for the last plan.

        `step` shows the progress. Stop Terraform if the process `needs` ends. Raises CommandFailed.
        """
        return self._change(stack, "apply", *arguments, step=step, needs=needs)

    def destroy(self, stack: Stack, *, step: Step | None = None, needs: Process | None = None) -> Applied:
        """Destroy a stack, as `apply` applies one. Raises CommandFailed."""
        return self._change(stack, "destroy", step=step, needs=needs)

    def outputs(self, stack: Stack) -> dict[str, Any]:
        """Return the outputs in a stack's state that are not sensitive. Raises CommandFailed."""
        found = json.loads(self.run(stack, "output", "-json"))
        return {name: output["value"] for name, output in found.items() if not output["sensitive"]}

    def run(self, stack: Stack, command: str, *arguments: str) -> str:
        """Run a command of Terraform in a stack's folder and return its output. Raises CommandFailed."""
        return self._initialised_for(stack, command, lambda: self._run(stack, command, *arguments))

    def pull(self, stack: Stack) -> dict[str, Any] | None:
        """The state of a stack; None if there is none. Raises CommandFailed."""
        text = self.run(stack, "state", "pull").strip()
        return dict(json.loads(text)) if text else None

    def push(self, stack: Stack, state: Path) -> None:
        """Put a state in the place of a stack's own. Raises CommandFailed if that is another or a newer one."""
        self.run(stack, "state", "push", str(state))

    def start_providers(self, stack: Stack) -> None:
        """Start the bundled providers of a stack in advance."""
        if stack.name not in self._by_stack:
            self._providers.start(stack.folder)

    def close(self) -> None:
        """Stop all processes."""
        while self._running:
            self._running.popitem()[1].close()
        self._providers.close()

    def _change(self, stack: Stack, command: str, *arguments: str, step: Step | None, needs: Process | None) -> Applied:
        def change() -> Applied:
            messages = Messages(stack, step, self._steps.detail if self._steps else lambda line: None)
            options = ("-json", "-input=false", "-auto-approve")
            try:
                self._run(stack, command, *options, *arguments, on_line=messages.read, needs=needs)
            except CommandFailed as failure:
                raise messages.readable(failure) from None
            return messages.applied()

        return self._initialised_for(stack, command, change)

    def _run(
        self,
        stack: Stack,
        command: str,
        *arguments: str,
        on_line: Callable[[str], None] = lambda line: None,
        needs: Process | None = None,
    ) -> str:
        options = [] if command in ("show", "state", "output") else ["-no-color"]
        own = self._by_stack.get(stack.name)
        kept = self._providers.variables(stack.folder) if command in USES_PROVIDERS and not own else {}
        env, arguments = {**self.env, **kept, **(own or {})}, (command, *options, *arguments)
        if not options:
            # The output is parsed, and a log of Terraform would be in it.
            env = {name: value for name, value in env.items() if not name.startswith("TF_LOG")}
        if not kept or self.env.get(TERRAFORM) or self._steps:
            program = [env.get("TERRAFORM_BINARY_NAME", "terraform"), *arguments]
            say = self._steps.say if self._steps else lambda line: None
            return run(program, cwd=stack.folder, env=env, on_line=on_line, say=say, needs=needs)
        running = self._running.setdefault(stack.folder, ResidentTerraform(stack.folder))
        code, output = running.run(env, *arguments)
        lines = [line.rstrip() for line in output.splitlines()]
        for line in lines:
            on_line(line)
        if code != 0:
            what = f"`terraform {' '.join(arguments)}` ended with {describe_exit(code)}"
            raise CommandFailed(what, tail="\n".join(lines[-TAIL_LINES:]), output="\n".join(lines), code=code)
        return "\n".join(lines)

    def _initialised_for(self, stack: Stack, command: str, call: Callable[[], T]) -> T:
        """Initialise the stack if what that depends on has changed, or if Terraform asks for it, and call."""
        known = self._initialise(stack)
        try:
            try:
                return call()
            except CommandFailed as failure:
                if not known or not _NOT_INITIALISED.search(failure.output):
                    raise
            (stack.folder / _INITIALISED).unlink(missing_ok=True)
            self._initialised.pop(stack.folder, None)
            self._initialise(stack)
            return call()
        except CommandFailed as failure:
            raise self._with_sources(failure, stack, command) from None

    def _initialise(self, stack: Stack) -> bool:
        """Initialise the stack, or return True if it was before, as far as its note says."""
        env = {**self.env, **self._by_stack.get(stack.name, {})}
        content = [*map(stack.document.get, _BLOCKS), *map(env.get, _VARIABLES)]
        needed = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        note = stack.folder / _INITIALISED
        # Terraform's plug-in cache does not support concurrent initialisation. Deployments share that of the real
        # providers.
        cache = hashlib.sha256(env.get("TF_PLUGIN_CACHE_DIR", "").encode()).hexdigest()[:12]
        with self._lock, nullcontext() if env.get(KEEP_PROVIDERS) else user_cache.lock(f"plugins-{cache}"):
            # A module's files may have changed, and with them what it needs.
            if stack.folder not in self._initialised and "module" not in stack.document:
                self._initialised[stack.folder] = note.read_text() if note.exists() else ""
            if self._initialised.get(stack.folder) == needed:
                return True
            if self._steps and env.get(KEEP_PROVIDERS):
                for line in different(stack.document):
                    self._steps.say(f"  stack {stack.name} {line}")
            try:
                self._run(stack, "init", "-input=false")
            except CommandFailed as failure:
                raise self._with_sources(failure, stack, "init") from None
            self._initialised[stack.folder] = needed
            note.write_text(needed)
            return False

    def _with_sources(self, failure: CommandFailed, stack: Stack, command: str) -> CommandFailed:
        env = {**self.env, **self._by_stack.get(stack.name, {})}
        return with_sources(failure, f"terraform {command} of stack {stack.name}", stack, env)


def in_order(
    stacks: Sequence[Stack],
    work: Callable[[Stack], T],
    say: Callable[[str], None],
    *,
    backwards: bool = False,
    one_by_one: bool = False,
    same: Collection[str] = (),
    changed: Callable[[str, T], bool] = lambda name, done: True,
) -> dict[str, T]:
    """Call `work` for each stack after it has succeeded for those that it depends on, and return the results by name.

    Independent stacks are worked on concurrently, unless `one_by_one`. `backwards`: each before its dependencies.
    Stacks do not wait for the `same`, which will hardly be `changed`; after one was, `work` is called once more.
    """
    before = {stack.name: set(stack.dependencies) for stack in stacks}
    if backwards:
        before = {name: {other for other, needed in before.items() if name in needed} for name in before}
    futures: dict[str, Future[T]] = {}

    def after_others(stack: Stack) -> T:
        needed = before[stack.name] & futures.keys()
        for name in needed.difference(same):
            futures[name].result()

        def outdated() -> bool:
            return any(changed(name, futures[name].result()) for name in needed.intersection(same))

        try:
            done = work(stack)
        except CommandFailed as failure:
            # Terraform writes a state in place, also without a change of a resource: in between, it cannot be read.
            if outdated() or (needed.intersection(same) and _REMOTE_STATE in f"{failure} {failure.output}"):
                return work(stack)
            raise
        return work(stack) if outdated() else done

    with Threads(1 if one_by_one else len(stacks) or 1, say) as threads:
        for stack in reversed(stacks) if backwards else stacks:
            futures[stack.name] = threads.submit(partial(after_others, stack))
    return {name: future.result() for name, future in futures.items()}
