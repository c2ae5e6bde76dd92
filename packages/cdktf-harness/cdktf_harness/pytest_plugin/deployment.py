"""The app, deployed to a dedicated embedded cloud, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, reduce
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import Cloud, Faults
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.deployment.target import Outputs
from cdktf_harness.pytest_plugin.http_client import Http
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.progress import Steps
from cdktf_harness.terraform.changes import Changes
from cdktf_harness.terraform.run import Terraform


class Deployed:
    """All stacks of the app in one cloud; all its files are in `folder`.

    `app` is a copy of the app, which a test may edit before it calls `redeploy`. `settings` are those of the last
    deployment.
    """

    def __init__(self, app: App, folder: Path, *, settings: Settings | None = None, steps: Steps | None = None) -> None:
        self.folder = folder
        self.app = app.copy(folder / "app")
        self.settings: Settings = dict(settings or {})
        self.target = self._make_target(steps or Steps())

    def _make_target(self, steps: Steps) -> Deployment:
        return LocalDeployment(self.app.project, self.folder, steps=steps)

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

    def destroy(self) -> None:
        """Destroy all stacks; the cloud keeps running. Raises CommandFailed."""
        self._configure()
        self.target.destroy()

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
        return self.app.local_environment(self.local.own_env)

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
