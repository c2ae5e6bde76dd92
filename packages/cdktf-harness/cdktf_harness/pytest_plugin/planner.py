"""Plan an app's stacks in embedded clouds, without a Docker engine."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import replace
from functools import cached_property, reduce
from pathlib import Path
from threading import RLock
from typing import Any

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.pytest_plugin.empty_images import stand_in
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.synthesis.stacks import Stack, Synthesis
from cdktf_harness.system.progress import Steps
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.run import Terraform
from cdktf_harness.terraform.state import PLAN_FILE


class Sandbox:
    """An embedded cloud, and the stacks that are applied in it before others are planned."""

    def __init__(self, app: App, folder: Path, settings: Settings, steps: Steps) -> None:
        # A copy: an app without a backend keeps Terraform's state in its own folder.
        self.app = app.copy(folder / "app")
        self.settings = settings
        self._folder = folder
        self._numbers = itertools.count()
        self._deployment = LocalDeployment(self.app.project, folder, steps=steps)
        self._first: dict[str, Changes] = {}
        # By the stack's JSON: in the same cloud, equal stacks have equal plans.
        self._changed: dict[str, Changes] = {}
        self._applied: set[str] = set()
        self._refreshed = False

    @cached_property
    def terraform(self) -> Terraform:
        """Terraform, with the environment of the cloud."""
        self._deployment.start(images=False)
        # A call of the engine must fail at once, and not reach the user's engine.
        no_engine = {"DOCKER_HOST": f"unix://{self._folder}/no-engine.sock"}
        return Terraform({**self.app.clean_environment(), **self._deployment.own_env, **no_engine})

    @cached_property
    def synthesis(self) -> Synthesis:
        """The deployed stacks."""
        return self._placed(self.synthesize({}))

    def begin_with(self, synthesis: Synthesis) -> None:
        """Deploy other stacks than those of the app, such as those of an earlier release."""
        self.synthesis = self._placed(synthesis)

    def synthesize(self, settings: Settings, app: App | None = None) -> Synthesis:
        """Return the stacks for this cloud, with `settings` over its own, or those of another `app`. Thread-safe."""
        out = self._folder / f"synthesis-{next(self._numbers)}"
        env = self.terraform.env
        return (app or self.app).synthesize(out, env=env, settings={**self.settings, **settings})

    def _placed(self, synthesis: Synthesis) -> Synthesis:
        """Move the stacks to Terraform's folder, which is initialized once and whose providers keep running."""
        work = self._folder / "work"
        for out in {stack.folder.parents[1] for stack in synthesis.values()}:
            shutil.copytree(out, work, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(out)
        stacks = {name: replace(stack, folder=work / "stacks" / stack.folder.name) for name, stack in synthesis.items()}
        return Synthesis(stacks)

    def first(self, name: str) -> Changes:
        """Return the plan of a stack's first deployment, after a deployment of its dependencies."""
        if name not in self._first:
            for below in self.synthesis.below(name):
                self.apply(below)
            self._first[name] = self.terraform.plan(self.synthesis[name])
        return self._first[name]

    def apply(self, stack: Stack) -> None:
        """Deploy a stack with empty images, unless it is deployed."""
        if stack.name in self._applied:
            return
        changes = self.first(stack.name)
        if stand_in(self.terraform, stack, changes, self._deployment.client("ecr")):
            self.terraform.plan(stack)
        self.terraform.apply(stack, PLAN_FILE)
        self._applied.add(stack.name)

    def deploy(self) -> None:
        """Deploy and refresh all stacks: then plans without a refresh are correct, and take half the time."""
        for stack in self.synthesis.values():
            self.apply(stack)
        if not self._refreshed:
            for stack in self.synthesis.values():
                self.terraform.apply(stack, "-refresh-only")
            self._refreshed = True

    def changed(self, synthesis: Synthesis) -> Changes:
        """Return what a deployment of `synthesis` would change in the deployed stacks."""
        keys = {json.dumps(stack.document, sort_keys=True): stack for stack in self._placed(synthesis).values()}
        new = {key: stack for key, stack in keys.items() if key not in self._changed}
        self._changed |= dict(
            zip(new, self.terraform.plan_all(list(new.values()), refresh=not self._refreshed), strict=True)
        )
        return reduce(Changes.__or__, (self._changed[key] for key in keys), Changes({}))

    def remove(self) -> None:
        """Stop the cloud and remove its files."""
        if "terraform" in self.__dict__:
            self.terraform.close()
        self._deployment.remove()


class Planner:
    """A function that plans the app's stacks with real Terraform, without a Docker engine. Thread-safe.

    Each combination of settings has its own embedded cloud, which is started on first use. The images of deployed
    stacks are empty (see `empty_images`).
    """

    def __init__(self, app: App, folder: Path, steps: Steps) -> None:
        self.app = app
        self._folder = folder
        self._steps = steps
        self._sandboxes: dict[str, Sandbox] = {}
        self._lock = RLock()

    def __call__(self, stack: str = "", settings: Settings | None = None, **more: Any) -> Changes:
        """Return what the first deployment of one stack, or of all, would do.

        Its dependencies are deployed first, as by `cdktf deploy`.
        """
        with self._lock:
            sandbox = self.sandbox({**(settings or {}), **more})
            changes = Changes({})
            for name in [stack] if stack else list(sandbox.synthesis):
                changes |= sandbox.first(name)
            return changes

    def changed(self, settings: Settings | None = None, /, **more: Any) -> Changes:
        """Return what a deployment with these settings would change in a deployment with the app's own settings.

        Each stack is planned alone, as by `cdktf diff`: its plan does not contain the effect of another stack's change.
        """
        return self.changed_to(self.deployed().synthesize({**(settings or {}), **more}))

    def changed_to(self, synthesis: Synthesis) -> Changes:
        """Return what a deployment of these stacks, synthesized for `sandbox()`, would change there."""
        sandbox = self.deployed()
        with self._lock:
            return sandbox.changed(synthesis)

    def deployed(self) -> Sandbox:
        """Return the sandbox in which the app is deployed with its own settings and empty images."""
        with self._lock:
            sandbox = self.sandbox()
            sandbox.deploy()
            return sandbox

    def sandbox(self, settings: Settings | None = None, *, name: str = "") -> Sandbox:
        """Return the sandbox for these settings and this name."""
        key = name + json.dumps(settings or {}, sort_keys=True)
        with self._lock:
            if key not in self._sandboxes:
                folder = self._folder / f"plan-{len(self._sandboxes)}"
                self._sandboxes[key] = Sandbox(self.app, folder, settings or {}, self._steps)
            return self._sandboxes[key]

    def close(self) -> None:
        """Remove all clouds."""
        for sandbox in self._sandboxes.values():
            sandbox.remove()
