"""A deployment to an embedded cloud of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cdktf_harness import environment
from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment import Deployment
from cdktf_harness.docker.leftovers import remove_leftovers
from cdktf_harness.errors import HarnessError
from cdktf_harness.images import bases_for, engine_for
from cdktf_harness.project import Project
from cdktf_harness.providers.mirror import write_mirror
from cdktf_harness.steps import Steps


class LocalDeployment(Deployment):
    """The stacks of a project in an embedded cloud of their own."""

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self.cloud = Cloud(folder / "cloud")
        self._saved = folder / "environment.json"
        if self._saved.exists():
            self.env = environment.inherited(hide_account=True) | json.loads(self._saved.read_text())

    @property
    def own_env(self) -> dict[str, str]:
        """What `env` adds to this process's environment. Raises HarnessError when nothing is up."""
        if not self._saved.exists():
            raise HarnessError("nothing is up")
        content: dict[str, str] = json.loads(self._saved.read_text())
        return content

    def start(self, *, port: int = 0, images: bool = True) -> None:
        """Bring up what a deployment needs: cloud, providers and, with `images`, the engine and base images."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        build_args: Mapping[str, str] = {}
        if images and self.project.architecture:
            engine = engine_for(self.steps)
            with ThreadPoolExecutor() as pool:
                preparation = pool.submit(bases_for, self.project, engine, self.steps)
                self._start_cloud(port)
                build_args = preparation.result()
        else:
            self._start_cloud(port)
        kind = environment.providers("bundled")
        own = {
            **environment.tools(kind, self.folder),
            **environment.local(region=self.project.region, endpoint=self.cloud.url),
            **environment.fill(
                {**self.project.environment, **self.project.local},
                cloud=self.cloud.url,
                state=self.folder / "state",
                build_args=build_args,
            ),
        }
        if kind == "bundled":
            own["TF_CLI_CONFIG_FILE"] = str(write_mirror(self.folder / "mirror"))
        (self.folder / "state").mkdir(exist_ok=True)
        self._saved.write_text(json.dumps(own, indent=1))
        self.env = environment.inherited(hide_account=True) | own

    def _start_cloud(self, port: int) -> None:
        with self.steps.step("Embedded cloud"):
            self.cloud.start(port=port)

    def remove(self) -> None:
        """Stop the cloud and remove all that the deployment left: containers, images, files."""
        with self.steps.step("Embedded cloud, its containers and images removed"):
            instance, registry = self.cloud.instance, self.cloud.registry
            self.cloud.stop()
            remove_leftovers(instance=instance, registry=registry)
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # there are other deployments in it, or it is not there
            self.folder.parent.rmdir()
