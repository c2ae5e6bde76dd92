"""A deployment to an embedded cloud of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import PATIENCE_SECONDS
from cdktf_harness.deployment.images import bases_for, engine_for
from cdktf_harness.deployment.local import preflight, support
from cdktf_harness.deployment.local.cloud import OwnCloud
from cdktf_harness.deployment.local.states import States
from cdktf_harness.project import environment
from cdktf_harness.project.project import Project
from cdktf_harness.project.variables import REMOTE_STATES, STATES
from cdktf_harness.synthesis.leaving_out import leave_out
from cdktf_harness.synthesis.stacks import Stack, Synthesis
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.processes import Process
from cdktf_harness.system.programs import Threads
from cdktf_harness.system.progress import Step, Steps
from cdktf_harness.terraform.messages import Applied
from cdktf_harness.terraform.run import Terraform

# Variables of the deployment: the providers that the last `up` took; 1 leaves out what cannot be deployed here.
_PROVIDERS = "CDKTF_HARNESS_PROVIDERS"
_SUPPORTED_ONLY = "CDKTF_HARNESS_SUPPORTED_ONLY"
_NO_KEYS = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


class LocalDeployment(Deployment):
    """The stacks of a project in an embedded cloud of their own; all its files are in `folder`."""

    # A call of the embedded cloud takes milliseconds: waiting would be most of the time.
    waits = False

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self._said: set[str] = set()
        # A synthesis that `start` has begun, and its environment.
        self._begun: tuple[Mapping[str, str], Future[Synthesis]] | None = None
        self._up = project.command(self.brought_up_by)
        self._cloud = OwnCloud(project, folder, self.steps, self._up)
        self._states = States(self.own / "state", project.stage, self._outputs, folder / "cloud")
        if self._saved.exists():
            # A damaged file is reported by what needs it; `remove` does not need it.
            with contextlib.suppress(HarnessError):
                self.env = environment.inherited(hide_account=True) | self.own_env

    @property
    def cloud(self) -> Cloud:
        """The embedded cloud."""
        return replace(self._cloud.server, region=self.project.region)

    @property
    def _saved(self) -> Path:
        return self.own / "environment.json"

    @property
    def own_env(self) -> dict[str, str]:
        """What `env` adds to this process's environment. Raises HarnessError if nothing is up."""
        self._cloud.check_folder()
        self._require_up()
        content: dict[str, str] = json_store.read(self._saved, _all_texts)
        deployed = content.get(_PROVIDERS, "auto")
        chosen = environment.providers(deployed)
        if (chosen == "registry") != (deployed == "registry"):
            raise HarnessError(
                f"PROVIDERS={chosen}: the deployment has the {deployed} providers; unset PROVIDERS, or run {self._up} "
                "with it"
            )
        states = self._states.folder
        if Path(was := content.get(STATES, str(states))).resolve() != states.resolve():
            raise HarnessError(f"the deployment was moved here, its states were in {was}; {self._up} continues it here")
        # PATH and proxies are those of this process.
        return content | environment.path() | environment.direct()

    def _require_up(self) -> None:
        """Raise HarnessError if nothing is up."""
        if not self._saved.exists():
            others = self.folder.glob(f"stages/*/{self._saved.name}")
            if found := ", ".join(sorted(file.parent.name for file in others)):
                stage = self.project.stage
                raise HarnessError(f"stage {stage!r} is not up, but {found}; fix the stage, or run {self._up}")
            raise HarnessError(f"nothing is up; {self._up} brings it up")

    def prepare(self) -> None:
        """Check that it is up; `env` is that of the last start."""
        self.env = environment.inherited(hide_account=True) | self.own_env
        self._cloud.check()

    def start(
        self, *, port: int = 0, images: bool = True, supported_only: bool = False, threads: Threads | None = None
    ) -> None:
        """Start what a deployment needs: cloud, providers and, with `images`, the engine and base images.

        Before a first start, raise HarnessError if something of the app cannot be deployed here; with
        `supported_only`, leave that out, also later. If the cloud runs already, the `threads` synthesize in the
        meantime, for the `deploy` that follows.
        """
        self._cloud.check_folder()
        if threads and self.needs and self.needs.alive and not self._cloud.server.outdated:
            # Another command may have written the environment since `__init__`. What is wrong is reported below.
            with contextlib.suppress(HarnessError):
                self.env = environment.inherited(hide_account=True) | self.own_env
                self._begun = self.env, threads.submit(super().synthesize)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # First, so that a wrong variable is reported before anything is started.
        tools = self._tools(supported_only=supported_only)
        self._states.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._saved.exists():
            self.preflight(tools)
        engine = engine_for(self.steps) if images and self.project.architecture else None
        for line in preflight.warnings(self.project, self.folder, engine):
            self.steps.say(f"warning: {line}")
        with ThreadPoolExecutor() as pool:
            preparation = pool.submit(bases_for, self.project, engine, self.steps) if engine else None
            self._cloud.start(port, self._states)
            build_args = preparation.result() if preparation else {}
        own = self._composed(
            tools | self.cloud.providers, self.cloud.url, self.cloud.credentials.environment, build_args
        )
        json_store.write(self._saved, {name: value for name, value in own.items() if name != "PATH"})
        self.env = environment.inherited(hide_account=True) | own

    def preflight(self, tools: Mapping[str, str] | None = None) -> Synthesis:
        """Synthesize the app with the address of no cloud. Raises HarnessError if it cannot be deployed here."""
        first = self._composed(tools or self._tools(), "http://localhost", _NO_KEYS, {})
        self.env = environment.inherited(hide_account=True) | first
        return self.synthesize("Preflight")

    def _tools(self, *, supported_only: bool = False) -> dict[str, str]:
        providers = environment.providers(self.project.providers)
        chosen = {_PROVIDERS: providers, _SUPPORTED_ONLY: "1" if supported_only else ""}
        return environment.tools(providers, self.project, self.folder, self.own) | chosen

    def _composed(
        self, tools: Mapping[str, str], url: str, credentials: Mapping[str, str], build_args: Mapping[str, str]
    ) -> dict[str, str]:
        own = {**self.project.environment, **self.project.local}
        return {
            **tools,
            **environment.local(region=self.project.region, endpoint=url, credentials=credentials),
            STATES: str(self._states.folder),
            REMOTE_STATES: " ".join(self.project.remote_states),
            **environment.fill(own, cloud=url, credentials=credentials, build_args=build_args),
        }

    def synthesize(self, title: str = "Synthesis") -> Synthesis:
        """Run the app, choose the providers of each stack, and return the stacks.

        Raises HarnessError if something in them cannot be deployed here.
        """
        begun, self._begun = self._begun, None
        # `examine` needs it; import it while the app runs.
        import_module("terraform_standins.serving.bundled")
        synthesis = begun[1].result() if begun else super().synthesize(title)
        if begun and begun[0] != self.env:
            synthesis = super().synthesize(title)
        stacks, providers = self.stacks(synthesis), self.env.get(_PROVIDERS)
        found = support.examine(stacks, self.project, self.env, auto=providers != "bundled")
        if found.lacking and self.env.get(_SUPPORTED_ONLY):
            left_out = [block for block, _ in found.lacking]
            leave_out(stacks, left_out)
            self.steps.say(f"  left out: {', '.join(map(str, left_out))}")
            synthesis = self.synthesis()
            found.lacking.clear()
        if lines := list(found.lines()):
            for line in lines[:-1]:
                self.steps.say(f"  {line}")
            raise HarnessError(lines[-1])
        deployed = {address for addresses in self.states().values() for address in addresses}
        if new := [str(block) for block in found.records if block.address not in deployed]:
            self._say_once(f"  nothing runs behind {', '.join(new)}: the embedded cloud keeps a record only")
        if providers == "auto" and found.real:
            self.by_stack |= dict.fromkeys(found.real, environment.real_providers())
            for stack, types in found.real.items():
                self._say_once(f"  {stack}: the real providers, for {', '.join(dict.fromkeys(types))}")
        return synthesis

    def _say_once(self, line: str) -> None:
        # A command may synthesize several times.
        if line not in self._said:
            self._said.add(line)
            self.steps.say(line)

    def states(self) -> dict[str, list[str]]:
        """Return the addresses in Terraform's states, by stack."""
        return self._states.addresses()

    def check_deployed(self) -> None:
        """Raise NotDeployed if Terraform's states have nothing."""
        if not any(self.states().values()):
            self._outputs.unlink(missing_ok=True)
            raise self._not_deployed

    def client(self, service: str) -> Any:
        """Return a boto3 client for the embedded cloud."""
        self._require_up()
        self._cloud.check()
        return self.cloud.client(service)

    def answer(self, patience: float = PATIENCE_SECONDS) -> str:
        """Return the answer to a GET of the URL. Raises HarnessError, also if the cloud does not run."""
        self.url()
        self._cloud.check()
        return super().answer(patience)

    @property
    def needs(self) -> Process | None:
        """The process of the cloud."""
        return self.cloud.process

    def check_states(self) -> None:
        """Raise HarnessError if Terraform's states do not match the cloud."""
        if reason := self._states.mismatch():
            raise HarnessError(f"{reason}; run {self._up}, which starts from an empty cloud")

    def _apply(self, stack: Stack, terraform: Terraform, step: Step | None = None, *arguments: str) -> Applied:
        with self._states.applying(stack.name, self.out / "stacks" / stack.name):
            return super()._apply(stack, terraform, step, *arguments)

    @contextlib.contextmanager
    def terraform(self) -> Iterator[Terraform]:
        """Terraform, as for any deployment; report it if the cloud ends during a run."""
        with self._cloud.watched(), super().terraform() as terraform:
            yield terraform

    def remove(self) -> None:
        """Stop the cloud and remove all of the deployment. Raises HarnessError that names what is left."""
        self._cloud.remove()


def check_app(project: Project, steps: Steps) -> str:
    """Return how much of an app can be deployed here; nothing is started. Raises HarnessError if it is not all."""
    with TemporaryDirectory() as folder:
        deployment = LocalDeployment(project, Path(folder), steps=steps)
        stacks = deployment.stacks(deployment.preflight())
    count = sum(len(stack.paths) for stack in stacks)
    return f"{count} of {count} resources can be deployed here"


def _all_texts(content: Any) -> bool:
    return isinstance(content, dict) and all(isinstance(value, str) for value in content.values())
