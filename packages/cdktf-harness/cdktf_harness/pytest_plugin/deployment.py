"""The app, deployed to a dedicated embedded cloud, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, reduce
from pathlib import Path
from typing import Any, TypeVar

from cdktf_harness.cloud import Cloud, Faults
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.deployment.target import Outputs
from cdktf_harness.pytest_plugin.aws_resources import Function
from cdktf_harness.pytest_plugin.http_client import Http
from cdktf_harness.pytest_plugin.typed import typed
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.synthesis.stacks import Block
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError, NotDeployed
from cdktf_harness.terraform.changes import Changes, Drift
from cdktf_harness.terraform.run import Terraform
from cdktf_harness.terraform.state import instances

T = TypeVar("T")


class Deployed:
    """All stacks of the app in one cloud; all its files are in `folder`.

    `app` is a copy of the app, which a test may edit before it calls `redeploy`. `settings` are those of the last
    deployment.
    """

    def __init__(self, app: App, folder: Path, *, settings: Settings | None = None) -> None:
        self.folder = folder
        self.app = app.copy(folder / "app")
        self.settings: Settings = dict(settings or {})
        self.target = self._make_target()
        self._choose({})

    def _make_target(self) -> Deployment:
        return LocalDeployment(self.app.project, self.folder)

    @property
    def local(self) -> LocalDeployment:
        """The deployment to the embedded cloud."""
        assert isinstance(self.target, LocalDeployment)
        return self.target

    def up(self, settings: Settings | None = None, /, **more: Any) -> Outputs:
        """Start what a deployment needs and deploy; return the outputs by stack and name.

        Raises CommandFailed with all of Terraform's errors and the source lines of the resources that they name.
        """
        self._choose({**(settings or {}), **more})
        self._start()
        return self.redeploy()

    def resume(self) -> None:
        """Continue with what an earlier run has deployed and kept."""
        self._start()
        self._configure()
        try:
            self.target.outputs()
        except NotDeployed:
            raise HarnessError("nothing is kept to skip `deploy`: run pytest --cdktf-keep without it first") from None

    def redeploy(self, settings: Settings | None = None, /, **more: Any) -> Outputs:
        """Deploy again; `settings` override the current ones."""
        before = self.target.project
        self._choose({**(settings or {}), **more})
        after = self.target.project
        if (after.architecture, after.stage) != (before.architecture, before.stage):
            # Other base images and perhaps emulation are needed, or the folder of another stage.
            self._start()
        self._configure()
        outputs = self.target.deploy()
        if "http" in self.__dict__:
            self.http.base = self.url
        return outputs

    def plan(self) -> Changes:
        """Return what a second deployment would change: nothing, if the app has converged."""
        return self.changed()

    def changed(self, settings: Settings | None = None, /, **more: Any) -> Changes:
        """Return what a deployment with `settings` over the current ones would change. Each stack is planned alone."""
        wanted = {**self.settings, **(settings or {}), **more}
        synthesis = self.app.synthesize(self.folder / "planned", env=self._terraform.env, settings=wanted)
        return reduce(Changes.__or__, self._terraform.plan_all(list(synthesis.values())), Changes({}))

    def drift(self) -> Mapping[str, Drift]:
        """Return what was changed behind Terraform's back, by construct path."""
        self._configure()
        return self.target.drift()

    def make_drift(self, path: str, /, **arguments: Any) -> None:
        """Change arguments of a deployed resource behind Terraform's back: its state does not have the change."""
        self._configure()
        stacks = self.target.synthesis().values()
        if not (found := [(stack, block) for stack in stacks for block in stack.resources() if block.path == path]):
            raise AssertionError(f"no stack has a resource {path!r}; deployment.resources() lists them")
        stack, block = found[0]
        file = stack.folder / "cdk.tf.json"
        name, text = block.address.partition(".")[2], file.read_text()
        with self.target.terraform() as terraform:
            before = terraform.pull(stack) or {}
            changed = json.loads(text)
            changed["resource"][block.type][name] |= arguments
            json_store.write(file, changed)
            try:
                terraform.apply(stack, f"-target={block.address}")
            finally:
                file.write_text(text)
            serial = (terraform.pull(stack) or before)["serial"] + 1
            json_store.write(kept := stack.folder / "before.tfstate", {**before, "serial": serial})
            terraform.push(stack, kept)

    def destroy(self) -> None:
        """Destroy all stacks; the cloud keeps running. Raises CommandFailed."""
        self._configure()
        self.target.destroy()

    def resource(self, path: str) -> Block:
        """Return a deployed resource with its real values, by construct path.

        One of a module is below the module's path, by its address there: `stack/module/aws_sqs_queue.dlq[0]`.
        """
        found = self.resources()
        if path not in found:
            raise AssertionError(f"nothing is deployed at {path!r}; there are\n  " + "\n  ".join(found))
        return found[path]

    def resources(self) -> dict[str, Block]:
        """Return all deployed resources and data sources by construct path, as `resource` does."""
        return {
            (path := stack.path_of(address)): Block(path, address, type_, values, stack.sources.get(path, ""))
            for stack in self.target.synthesis().values()
            for address, type_, values in instances(self._terraform.pull(stack) or {})
        }

    def function(self, path: str) -> Function:
        """Return a deployed function by construct path: `.invoke({...})` returns its answer."""
        return Function(self.cloud, str(self.resource(path)["function_name"]))

    def states(self) -> dict[str, list[str]]:
        """Return the addresses in Terraform's state, by stack; data sources are included."""
        return self.local.states()

    def down(self) -> None:
        """Remove the deployment: cloud, containers, images, files."""
        self._close()
        self.local.remove()

    def _close(self) -> None:
        if "http" in self.__dict__:
            self.http.close()
        self._stop_terraform()

    @property
    def outputs(self) -> Outputs:
        """The outputs of the last deployment, by stack and name."""
        return self.target.outputs()

    def output(self, which: str, type_: type[T]) -> T:
        """Return an output ("stack.output"), or all of a stack as a dataclass; fail if it has another type."""
        value: Any = self.outputs
        for part in which.split("."):
            value = typed(value, dict[str, Any], which).get(part)
        return typed(value, type_, which)

    @property
    def url(self) -> str:
        """The deployed URL: the output that `url` in [tool.cdktf-harness] names."""
        return self.target.url()

    def answer(self) -> str:
        """Return the answer to a GET of `url`; repeat it for up to half a minute if the error may pass.

        The first request after a deployment starts the function, which under emulation may exceed its time-out.
        """
        return self.target.answer()

    @cached_property
    def http(self) -> Http:
        """An HTTP client; paths are relative to `url`."""
        return Http(self.url)

    @property
    def cloud(self) -> Cloud:
        """Its cloud: boto3 clients (`cloud.client("s3")`), log groups, URL."""
        return self.local.cloud

    @cached_property
    def faults(self) -> Faults:
        """Injects faults into calls to the cloud: `with deployment.faults.on("logs:*", "reset"): ...`."""
        return Faults(self.local.cloud.folder)

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of the deployment's programs."""
        return self.target.env

    @cached_property
    def _terraform(self) -> Terraform:
        return Terraform(self._environment())

    def _environment(self) -> dict[str, str]:
        """Return the environment of programs, without settings."""
        return {**self.app.clean_environment(), **self.local.own_env}

    def _start(self) -> None:
        self._stop_terraform()
        self.local.start()

    def _stop_terraform(self) -> None:
        if terraform := self.__dict__.pop("_terraform", None):
            # Its environment is that of the last start.
            terraform.close()

    def _choose(self, settings: Settings) -> None:
        self.settings = {**self.settings, **settings}
        self.target.project = self.app.configured(self.settings)

    def _configure(self) -> None:
        self.app.configure(self.settings)
        self.target.env = {**self._environment(), **self.app.environment(self.settings)}
