"""A deployment to an embedded cloud of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf_harness.cloud.client import EmbeddedCloud
from cdktf_harness.cloud.functions import network
from cdktf_harness.cloud.server_process import Cloud
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import PATIENCE_SECONDS
from cdktf_harness.deployment.images import bases_for, engine_for
from cdktf_harness.deployment.local import cleanup, preflight, state_recovery
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project import environment
from cdktf_harness.project.project import Project
from cdktf_harness.project.variables import REMOTE_STATES, STATES
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.processes import Process
from cdktf_harness.system.programs import TAIL_LINES
from cdktf_harness.system.progress import Steps
from cdktf_harness.terraform.error_hints import PROVIDER_ENDED
from terraform_standins.variables import KEEP_PROVIDERS

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Stack
    from cdktf_harness.system.progress import Step
    from cdktf_harness.terraform.messages import Applied
    from cdktf_harness.terraform.run import Terraform


_KILLED = "the last apply was killed before Terraform wrote its state"
# Begins the name of a file for each stack that is being applied, in the cloud's folder.
_APPLYING = "applying."


class LocalDeployment(Deployment):
    """The stacks of a project in an embedded cloud of their own, with Terraform's state in `folder`."""

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self.cloud = Cloud(folder / "cloud")
        self._remains = cleanup.Remains(folder)
        self._told = False
        if self._saved.exists():
            # A damaged file is reported by what needs it; `remove` does not need it.
            with contextlib.suppress(HarnessError):
                self.env = environment.inherited(hide_account=True) | self.own_env

    @property
    def _saved(self) -> Path:
        return self.own / "environment.json"

    @property
    def _state(self) -> Path:
        return self.own / "state"

    @property
    def _killed(self) -> Iterator[Path]:
        """The marks of applies that were killed; see `_apply`."""
        return self.cloud.folder.glob(f"{_APPLYING}*")

    @property
    def _reset(self) -> str:
        return f"run {self.project.command('down')}, then {self.project.command(self.brought_up_by)},"

    @property
    def own_env(self) -> dict[str, str]:
        """What `env` adds to this process's environment. Raises HarnessError if nothing is up."""
        self._check_own()
        self._require_up()
        content: dict[str, str] = json_store.read(self._saved, _all_texts)
        deployed = "bundled" if KEEP_PROVIDERS in content else "registry"
        if (chosen := environment.providers(deployed)) != deployed:
            up = self.project.command(self.brought_up_by)
            raise HarnessError(
                f"PROVIDERS={chosen}: the deployment has the {deployed} providers; unset PROVIDERS, or run {up} with it"
            )
        if Path(was := content.get(STATES, str(self._state))).resolve() != self._state.resolve():
            up = self.project.command(self.brought_up_by)
            raise HarnessError(f"the deployment was moved here, and its states were in {was}: {up} continues it here")
        # PATH and proxies are those of this process.
        return content | environment.path() | environment.direct()

    def _require_up(self) -> None:
        """Raise HarnessError if nothing is up."""
        if not self._saved.exists():
            up, others = self.project.command(self.brought_up_by), self.folder.glob(f"stages/*/{self._saved.name}")
            if found := ", ".join(sorted(file.parent.name for file in others)):
                stage = self.project.stage
                raise HarnessError(f"stage {stage!r} is not up, but {found}: correct the stage, or {up} brings it up")
            raise HarnessError(f"nothing is up; {up} brings it up")

    def prepare(self) -> None:
        """Check that it is up; `env` is that of the last start."""
        self.env = environment.inherited(hide_account=True) | self.own_env
        self._check_cloud()

    def start(self, *, port: int = 0, images: bool = True) -> None:
        """Start what a deployment needs: cloud, providers and, with `images`, the engine and base images."""
        self._check_own()
        self.check_imports()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # First, so that a wrong variable is reported before anything is started.
        tools = environment.tools(environment.providers("bundled"), self.project, self.folder, self.own)
        build_args: Mapping[str, str] = {}
        if images and self.project.architecture:
            engine = engine_for(self.steps)
            self._warn(engine)
            with ThreadPoolExecutor() as pool:
                preparation = pool.submit(bases_for, self.project, engine, self.steps)
                self._start_cloud(port, engine=True)
                build_args = preparation.result()
            self._warn_of_unseen_folder(engine)
        else:
            self._warn(None)
            self._start_cloud(port, engine=False)
        credentials = self.cloud.credentials.environment
        own = {
            **tools,
            **environment.local(region=self.project.region, endpoint=self.cloud.url, credentials=credentials),
            STATES: str(self._state),
            REMOTE_STATES: " ".join(self.project.remote_states),
            **environment.fill(
                {**self.project.environment, **self.project.local},
                cloud=self.cloud.url,
                credentials=credentials,
                build_args=build_args,
            ),
        }
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        state_recovery.check(self._state, self.project.stage, self.cloud.folder, self.steps.say, reset=self._reset)
        json_store.write(self._saved, {name: value for name, value in own.items() if name != "PATH"})
        self.env = environment.inherited(hide_account=True) | own

    def states(self) -> dict[str, list[str]]:
        """Return the addresses in Terraform's states, by stack."""
        files = sorted(self._state.glob("terraform.*.tfstate"))
        return {file.name.split(".")[1]: state_recovery.addresses(file) for file in files}

    def check_deployed(self) -> None:
        """Raise NotDeployed if Terraform's states have nothing."""
        if not any(self.states().values()):
            self._outputs.unlink(missing_ok=True)
            raise self._not_deployed

    def client(self, service: str) -> Any:
        """Return a boto3 client for the embedded cloud."""
        self._require_up()
        self._check_cloud()
        self._tell_of_old_code()
        return EmbeddedCloud(self.cloud, self.project.region).client(service)

    def answer(self, patience: float = PATIENCE_SECONDS) -> str:
        """Return the answer to a GET of the URL. Raises HarnessError, also if the cloud does not run."""
        self.url()
        self._check_cloud()
        return super().answer(patience)

    @property
    def needs(self) -> Process | None:
        """The process of the cloud."""
        return self.cloud.process

    @contextlib.contextmanager
    def applying(self) -> Iterator[None]:
        """Check Terraform's states before an apply, as `check_states` does, and remember them afterwards."""
        self.check_states()
        try:
            yield
        finally:
            state_recovery.remember(self._state)

    def _apply(self, stack: Stack, terraform: Terraform, step: Step | None = None) -> Applied:
        """Apply a stack; a mark in the cloud's folder stays if the cloud may have what Terraform's state lacks.

        That is so if this process, Terraform or a provider was killed.
        """
        # Terraform removes this when it ends, unless it is killed.
        lock = self._state / f".terraform.{stack.name}.tfstate.lock.info"
        mark, killed = self.cloud.folder / f"{_APPLYING}{stack.name}", False
        mark.touch()
        try:
            return super()._apply(stack, terraform, step)
        except CommandFailed as failure:
            killed = failure.code < 0 or PROVIDER_ENDED in failure.output
            raise
        except KeyboardInterrupt:
            killed = lock.exists()
            raise
        finally:
            if not killed:
                mark.unlink(missing_ok=True)

    def check_states(self) -> None:
        """Check that Terraform's states are there, and restore those that were not written whole."""
        state_recovery.check_known(self._state, self.project.stage, self.cloud.folder, reset=self._reset)
        if any(self._killed):
            up = self.project.command(self.brought_up_by)
            raise HarnessError(f"{_KILLED}; run {up}, which starts from an empty cloud")
        state_recovery.recover(self._state, self.out / "stacks", self.steps.say, reset=self._reset)

    @contextlib.contextmanager
    def terraform(self) -> Iterator[Terraform]:
        """Terraform, as for any deployment; report it if the cloud ends during a run."""
        with self._end_told(), super().terraform() as terraform:
            yield terraform

    @contextlib.contextmanager
    def _end_told(self) -> Iterator[None]:
        try:
            yield
        except CommandFailed as failure:
            if not self.needs or self.needs.alive:
                raise
            last = self.cloud.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            up = self.project.command(self.brought_up_by)
            raise CommandFailed(
                f"the embedded cloud ended (its log: {self.cloud.log}); {up} starts it again and continues",
                tail="\n".join(last),
                output=failure.output,
            ) from None

    def _check_own(self) -> None:
        """Raise HarnessError if the folder is a copy: its cloud, containers and images are those of the original."""
        if original := self.cloud.original:
            raise HarnessError(
                f"{self.folder} is a copy of the deployment in {original.parent}: {self._reset} to create its own"
            )

    def _check_cloud(self) -> None:
        """Raise HarnessError if the cloud does not run, or is another deployment's."""
        self._check_own()
        if not self.needs or not self.needs.alive:
            up = self.project.command(self.brought_up_by)
            raise HarnessError(f"the embedded cloud does not run; {up} starts it again")

    def _tell_of_old_code(self) -> None:
        if not self._told and self.cloud.outdated:
            self._told = True
            up = self.project.command(self.brought_up_by)
            self.steps.say(f"warning: the embedded cloud runs an outdated version of the harness; {up} restarts it")

    def _warn(self, engine: Engine | None) -> None:
        for line in preflight.warnings(preflight.Machine(self.project, self.folder, engine)):
            self.steps.say(f"warning: {line}")

    def _warn_of_unseen_folder(self, engine: Engine) -> None:
        # Not in the table of `facts`, whose checks come before the base images are there.
        folder, client = self.cloud.folder, engine.client
        if network.possible(client) and not network.sees(client, folder, self.cloud.instance):
            self.steps.say(
                f"warning: the Docker engine does not see {folder}: functions will not reach the embedded cloud; where "
                "this runs in a container, mount the folder at the path that it has outside"
            )

    def _start_cloud(self, port: int, *, engine: bool) -> None:
        if not self.cloud.folder.exists() and self._remains.exist:
            self.steps.say("  cleaning up after a deployment that was deleted manually")
            if left := self._remains.remove():
                self.steps.say(f"  but for {', '.join(left)}")
        self._take_over()
        lost = bool(self.needs and not self.needs.alive)
        if not lost and any(self._killed):
            self._empty_cloud()
        # A killed cloud has lost what Terraform's state lacks.
        for mark in self._killed:
            mark.unlink(missing_ok=True)
        if lost:
            self.steps.say("  the embedded cloud was killed: changes since its last clean shutdown are re-created")
        if self.cloud.outdated:
            self.steps.say("  the embedded cloud runs an outdated version of the harness: restarting it as it is")
        with self.steps.step("Embedded cloud"):
            self.cloud.start(port=port, services=self.project.services)
        self._remains.note(cleanup.Cloud(self.cloud.instance, self.cloud.registry, engine))

    def _empty_cloud(self) -> None:
        """Remove what is in the cloud, also of other stages, and the states of this one."""
        others = [stage for stage in state_recovery.stages(self.cloud.folder) if stage and stage != self.project.stage]
        also = f", without the other stages: deploy {' and '.join(others)} again" if others else ""
        self.steps.say(f"  {_KILLED}: starting from an empty cloud{also}")
        known = cleanup.Cloud(self.cloud.instance, self.cloud.registry, engine=False)
        if left := self._remains.remove(known):
            self.steps.say(f"  could not remove {', '.join(left)}")
        self.cloud.empty()
        self._outputs.unlink(missing_ok=True)
        for state in self._state.glob("terraform.*"):
            state.unlink()

    def _take_over(self) -> None:
        if former := self.cloud.moved_from:
            self._remains.take_over(former.parent)

    def remove(self) -> None:
        """Stop the cloud and remove all of the deployment: containers, images, files.

        Raises HarnessError that names what could not be removed; a second call tries again.
        """
        if not self.folder.exists() and not self._remains.exist:
            self.steps.say("Nothing is up")
            return
        self._take_over()
        if self.cloud.original:
            self.steps.say("  the folder is a copy: the embedded cloud, the containers and images are not its own")
            known = []
        else:
            known = [cleanup.Cloud(self.cloud.instance, self.cloud.registry, engine=False)]
        with self.steps.step("Embedded cloud, its containers and images removed" if known else "Folder removed"):
            if known:
                self.cloud.stop()
            left = [*self._remains.remove(*known), *cleanup.remove_folder(self.folder)]
            if left:
                again = self.project.command("down")
                raise HarnessError(f"could not remove {', '.join(left)}: see to that, then {again} again")


def _all_texts(content: Any) -> bool:
    return isinstance(content, dict) and all(isinstance(value, str) for value in content.values())
