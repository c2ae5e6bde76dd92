"""The loop of `watch`: a change, a synthesis, an apply of the stacks that it changed, the new answer."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cdktf_harness.deployment.answer import refused
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.synthesis import synthesized
from cdktf_harness.synthesis.sources import noted
from cdktf_harness.terraform import kept_apply
from cdktf_harness.terraform.explained import places
from cdktf_harness.watch.app import App
from cdktf_harness.watch.cycle import Cycle
from cdktf_harness.watch.files import ProjectFiles
from terraform_standins.serving.kept import Keeper

ANSWER_SECONDS = 60
# What of a stack `terraform init` prepares for.
_INITIALISED = ("terraform", "module")


def watch(deployment: Deployment) -> None:
    """Deploy every change of the project's files, until an interrupt; what is deployed stays."""
    with ExitStack() as stack:
        watcher = Watcher(deployment, stack)
        files = ProjectFiles(deployment.project.root)
        for number, changed in enumerate(files.changes()):
            watcher.cycle(changed)
            if number == 0:
                deployment.steps.say(f"Watching {files.root}; Ctrl-C ends that and leaves the deployment up")


class Watcher:
    """A deployment that is up, and what is kept running to change it quickly; `stack` ends all of that."""

    def __init__(self, deployment: Deployment, stack: ExitStack) -> None:
        self._deployment = deployment
        self._out = Path(deployment.env["CDKTF_OUTPUT"])
        self._sources = deployment.folder / "sources.json"
        env = noted(deployment.env, self._sources)
        self._app = App(deployment.project.root, self._out, deployment.folder / "imports.json", env)
        stack.callback(self._app.close)
        self._providers = Keeper(deployment.env)
        stack.callback(self._providers.close)
        for name in deployment.project.stacks:
            self._providers.start(self._folder(name))
        self._applied = {name: self._document(name) for name in deployment.project.stacks}
        self._initialised = {
            name: {key: document.get(key) for key in _INITIALISED} for name, document in self._applied.items()
        }

    def cycle(self, changed: Collection[Path] = ()) -> bool:
        """Deploy what the changed files change (relative paths; none: it is not known which).

        Says so in one line; a failure is shown. Tells whether it worked. Raises HarnessError when there is no
        deployment any more.
        """
        with self._deployment.owned():
            return self._cycle(changed)

    def _cycle(self, changed: Collection[Path]) -> bool:
        if not self._deployment.folder.exists():
            raise HarnessError("the deployment was taken down, so there is nothing left to watch for")
        cycle, deployed = Cycle(changed), False
        try:
            with cycle.part("synth"):
                synthesized.forget(self._out)
                with synthesized.awaited(self._out, self._deployment.steps.say):
                    self._app.synthesize(changed)
            with self._deployment.applying():
                deployed = self._apply(cycle)
            if deployed and self._deployment.project.url:
                with cycle.part("answer") as say:
                    say(answer(self._deployment.url()))
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
        """Apply the stacks whose document changed, and those that read the outputs of a stack that did."""
        manifest = synthesized.manifest(self._out)
        self._deployment.project.check_stacks(manifest)
        changed: set[str] = set()
        for name in self._deployment.project.stacks:
            document = self._document(name)
            if document != self._applied.get(name) or changed.intersection(manifest[name]["dependencies"]):
                # Until it is known to have worked, it is to be done again, whatever the next change is.
                self._applied.pop(name, None)
                with cycle.part(name) as say:
                    outcome = self._terraform(name, document)
                    say(outcome)
                self._applied[name] = document
                changed.add(name)
        return bool(changed)

    def _terraform(self, name: str, document: Mapping[str, Any]) -> str:
        """Apply one stack to its own state, as CDKTF's command line does; returns what that did."""
        env, stack, started = self._deployment.env, self._folder(name), time.time()
        try:
            needs = {key: document.get(key) for key in _INITIALISED}
            if needs != self._initialised.get(name):
                kept_apply.initialise(stack, env)
                self._initialised[name] = needs
            own, deployment = {**env, **self._providers.variables(stack)}, self._deployment
            applied = kept_apply.apply(stack, own, deployment.steps, deployment.needs)
        except CommandFailed as failure:
            # The bundled providers show the end of the log themselves, the real ones only that there was an error.
            tells = "\n" in failure.tail
            logs = "" if tells else self._deployment.logs_since(started, known=failure.output)
            made = places(self._out, self._deployment.project.root, self._sources)
            where = next((f" ({place})" for place in made if place.is_in(f"{failure}\n{failure.tail}")), "")
            raise CommandFailed(f"{name}: {failure}{where}", tail=failure.tail + logs, output=failure.output) from None
        self._deployment.save_outputs(name, applied.outputs)
        return applied.changes

    def _folder(self, name: str) -> Path:
        return self._out / "stacks" / name

    def _document(self, name: str) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads((self._folder(name) / "cdk.tf.json").read_text())
        return document


def answer(url: str) -> str:
    """What the deployed URL answers, on one line. Raises HarnessError when it is not a success."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as response:
            return " ".join(response.read().decode(errors="replace").split())
    except urllib.error.HTTPError as error:
        raise HarnessError(refused(url, error.code, error.read().decode(errors="replace"))) from None
    except OSError as error:
        raise HarnessError(f"{url} does not answer ({error})") from None
