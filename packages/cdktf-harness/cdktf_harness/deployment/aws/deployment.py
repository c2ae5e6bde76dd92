"""A deployment to AWS."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cdktf_harness.deployment.aws import review, state_migration
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.images import emulation_for, engine_for
from cdktf_harness.deployment.target import Outputs
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project import environment
from cdktf_harness.project.project import FALLBACK_REGION, Project
from cdktf_harness.project.variables import STATES
from cdktf_harness.synthesis.stacks import Stack, Synthesis
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps
from cdktf_harness.terraform import error_hints
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.run import Terraform
from cdktf_harness.terraform.state import PLAN_FILE
from terraform_standins.aws.embedded_keys import is_refused

# The kernel's message.
_NO_PROGRAM_OF_HERE = "exec format error"
# To ask Terraform's state takes some seconds.
_FRESH_SECONDS = 600
# The variables of further arguments for Terraform's commands that lock a state.
_LOCKING = tuple(f"TF_CLI_ARGS_{command}" for command in ("plan", "apply", "destroy"))


class AwsDeployment(Deployment):
    """The stacks of a project in the AWS account of this process's environment."""

    brought_up_by = "aws up"

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self.env = environment.inherited(hide_account=False)
        self._engine: Engine | None = None
        # For as long as a command runs, however long it watches.
        self._known = False
        self._started = False
        self._plans: Path | None = None

    def start(self, *, images: bool, asks: bool = False, plans: Path | None = None, lock_timeout: str = "") -> None:
        """Check the credentials and, with `images`, start what builds them. Raises HarnessError.

        With `asks`, a deployment has the changes of each stack confirmed; with `plans`, it applies those of
        `review.write_plans`. `lock_timeout` is how long Terraform waits for the lock of a state, such as `5m`.

        Base images are always those that the app names: what runs on AWS must not depend on the machine that builds.
        """
        providers = environment.providers("registry").replace("auto", "registry")
        with self.steps.step("AWS account"):
            self.steps.say(f"  account {account(self.project)}")
        self.asks, self._plans, self._started = asks and not plans, plans, True
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = environment.tools(providers, self.project, self.folder, self.own) | environment.fill(
            self.project.environment, build_args=None
        )
        if lock_timeout:
            given = {name: os.environ.get(name, "") for name in _LOCKING}
            own |= {name: f"{arguments} -lock-timeout={lock_timeout}".strip() for name, arguments in given.items()}
        if images and self.project.architecture:
            self._engine = engine_for(self.steps)
        self.env = environment.inherited(hide_account=False) | own

    def prepare(self) -> None:
        """Check the credentials."""
        self.start(images=False)

    def outputs(self) -> Outputs:
        """The outputs of a deployment from here a moment ago, else those in Terraform's state. Raises HarnessError."""
        if not self._known and not self._fresh:
            if not self._started:
                self.prepare()
            with self.terraform() as terraform:
                stacks = self.stacks(self.synthesize())
                with self.steps.step("Outputs in Terraform's state"):
                    found = {stack.name: stack.by_construct(terraform.outputs(stack)) for stack in stacks}
            if not any(found.values()):
                raise self._not_deployed
            json_store.write(self._outputs, found)
        self._known = True
        return super().outputs()

    def check_deployed(self) -> None:
        """Raise NotDeployed if Terraform's state has no outputs."""
        self._outputs.unlink(missing_ok=True)
        self._known = False
        self.outputs()

    @property
    def _fresh(self) -> bool:
        """Whether the kept outputs are so new that they need not be asked for: others deploy, too."""
        return self._outputs.exists() and time.time() - self._outputs.stat().st_mtime < _FRESH_SECONDS

    @contextmanager
    def terraform(self) -> Iterator[Terraform]:
        """Terraform, as for any deployment; if the state is elsewhere, the error says how to move it."""
        try:
            with super().terraform() as terraform:
                yield terraform
        except CommandFailed as failure:
            raise state_migration.with_move_hint(failure, self) from None

    def deploy(self, *, only: Collection[str] = (), synthesis: Synthesis | None = None) -> Outputs:
        """Deploy all stacks, or `only` some, and return all outputs by stack and name. Raises HarnessError.

        If a build runs programs of an architecture that the engine does not support, set up emulation and build again.
        """
        if self._plans:
            synthesis = synthesis or self.synthesize()
            review.read_plans(self._plans, self.stacks(synthesis, only))
        try:
            return super().deploy(only=only, synthesis=synthesis)
        except CommandFailed as failure:
            if not self._engine or _NO_PROGRAM_OF_HERE not in failure.tail:
                raise review.with_unprotect_hint(failure, self.project) from None
            self.steps.say("  the build runs programs of the image's architecture")
        emulation_for(self.project, self._engine, self.steps)
        return super().deploy(only=only, synthesis=synthesis)

    def review(self, stack: Stack, terraform: Terraform) -> list[str]:
        """Print the changes and ask for a confirmation, if the deployment does; return the plan to apply."""
        if self.asks:
            with self.steps.step(f"Plan of stack {stack.name}"):
                changes = terraform.plan(stack)
            if changes or changes.outputs:
                self.steps.say(str(changes))
                review.confirm(f"Deploy stack {stack.name}?", f"stage {self.project.stage} is protected")
        return [PLAN_FILE] if self.asks or self._plans else []

    def plan(self, path: Path) -> Changes:
        """Write the plans of all stacks to the file `path`, and return the changes. Raises HarnessError."""
        with self.terraform() as terraform:
            stacks = self.stacks(self.synthesize())
            with self.steps.step("Plans"):
                return review.write_plans(path, stacks, terraform)

    def unlock(self, *, yes: bool) -> None:
        """Remove the locks that killed commands hold; ask about each, unless `yes`. Raises HarnessError."""
        with self.terraform() as terraform:
            for stack in self.stacks(self.synthesize()):
                state = f"the state of stack {stack.name}"
                try:
                    terraform.run(stack, "plan", "-input=false", "-refresh=false")
                    found = None
                except CommandFailed as failure:
                    # Another error, such as of a stack that is not deployed, comes after the lock.
                    found = error_hints.lock(failure.output)
                if not found:
                    self.steps.say(f"  {state} is not locked")
                    continue
                locked = f"{state} is locked: {found.holder}"
                if found.of_file:
                    raise HarnessError(f"{locked}: end that command, and the lock with it")
                if not yes:
                    review.confirm(f"{locked}. Has that command ended?", locked)
                terraform.run(stack, "force-unlock", "-force", found.id)
                self.steps.say(f"  {state} is unlocked")

    def destroy(self, *, only: Collection[str] = (), synthesis: Synthesis | None = None) -> None:
        """Destroy what is deployed, or `only` some stacks. Raises HarnessError if they have protected resources."""
        found = synthesis or self.synthesize()
        review.check_destroy(found.values(), self.project)
        with self.terraform() as terraform:
            # Of the others, Terraform would write an empty state.
            states = {stack.name: terraform.pull(stack) or {} for stack in self.stacks(found, only)}
        deployed = [name for name, state in states.items() if state.get("resources") or state.get("outputs")]
        if not deployed:
            self._outputs.unlink(missing_ok=True)
            self.steps.say("Nothing is deployed")
            return
        if kept := set(review.kept_content(found.values(), self.project)).intersection(deployed):
            super().deploy(only=kept, synthesis=found)
        super().destroy(only=deployed, synthesis=found)

    def client(self, service: str) -> Any:
        """Return a boto3 client with the credentials of this process's environment, in the region of the app."""
        session = _session()
        return session.client(service, region_name=_region(self.project, session.region_name))


class Account(NamedTuple):
    """An AWS account and a region."""

    number: str
    region: str

    def __str__(self) -> str:
        return f"{self.number}, region {self.region}"


def account(project: Project) -> Account:
    """Return the AWS account of the environment's credentials, and the region of the request.

    Raises HarnessError if there are no valid credentials, or if the providers are the bundled ones and the keys AWS's.
    """
    # Imported late: it takes 0.1 s.
    from botocore.config import Config

    with one_line_errors():
        session = _session()
        region = _region(project, session.region_name)
        # Report an AWS that does not answer within seconds.
        config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
        sts, keys = session.client("sts", region_name=region, config=config), session.get_credentials()
        if environment.providers("registry") == "bundled" and is_refused(sts.meta.endpoint_url, keys):
            raise HarnessError(
                "PROVIDERS=bundled: the bundled providers are stand-ins and never work on AWS itself; unset PROVIDERS"
            )
        found = Account(str(sts.get_caller_identity()["Account"]), region)
    if project.account not in ("", found.number):
        raise HarnessError(other_account(found, project.account))
    return found


def _session() -> Any:
    """Return a boto3 session with the credentials of this process's environment. Raises HarnessError if not for AWS."""
    if os.environ.get(STATES):
        # Its settings and credentials would deploy to the embedded cloud, with AWS's state of the stage.
        raise HarnessError("this shell has the environment of the local deployment (`env`): use another shell for AWS")
    # Imported late: it takes 0.1 s.
    import boto3

    return boto3.Session()


def other_account(found: Account, wanted: str) -> str:
    """Return the error of credentials that are not for the account `wanted`."""
    return f"the credentials are for account {found.number}, not {wanted}: use those of that account"


def _region(project: Project, configured: str | None) -> str:
    """Return the region as the AWS provider finds it; `configured` is that of the variables and the profile."""
    return project.own_region or os.environ.get("AWS_REGION") or configured or FALLBACK_REGION
