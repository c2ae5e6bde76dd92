"""A deployment to an embedded cloud of its own."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cdktf_harness import environment, records
from cdktf_harness.cloud.process import Cloud
from cdktf_harness.deployment import Deployment
from cdktf_harness.docker.leftovers import remove_leftovers
from cdktf_harness.errors import HarnessError
from cdktf_harness.images import bases_for, engine_for
from cdktf_harness.project import Project
from cdktf_harness.steps import Steps

# What is no source of an app, or another deployment's.
_NOT_COPIED = (".git", ".venv", "node_modules", "cdktf.out", "__pycache__", "terraform.*.tfstate*")


class LocalDeployment(Deployment):
    """The stacks of a project in an embedded cloud of their own.

    Without a backend of its own, an app keeps Terraform's state in the folder that it runs in, where a real account's
    may be too. With `apart`, an app that does not take {state} from its table runs in a copy, with its state there.
    """

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None, apart: bool = False) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        templates = (*project.environment.values(), *project.local.values())
        self._apart = apart and not any("{state}" in text for text in templates)
        self.cloud = Cloud(folder / "cloud")
        self._saved = folder / "environment.json"
        if self._saved.exists():
            # Whoever needs what is in it is told that it is damaged; `remove` does not.
            with contextlib.suppress(HarnessError):
                self.env = environment.inherited(hide_account=True) | self.own_env

    @property
    def root(self) -> Path:
        """The folder of the app that is deployed: the project's, or its copy."""
        return self.folder / "app" if self._apart else self.project.root

    @property
    def own_env(self) -> dict[str, str]:
        """What `env` adds to this process's environment. Raises HarnessError when nothing is up."""
        self.require_up()
        content: dict[str, str] = records.read(self._saved, _all_texts)
        return content

    def require_up(self) -> None:
        """Raise HarnessError when nothing is up."""
        if not self._saved.exists():
            raise HarnessError(f"nothing is up; {self.project.command(self.brought_up_by)} brings it up")

    def start(self, *, port: int = 0, images: bool = True) -> None:
        """Bring up what a deployment needs: cloud, providers and, with `images`, the engine and base images."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._copy()
        build_args: Mapping[str, str] = {}
        if images and self.project.architecture:
            engine = engine_for(self.steps)
            with ThreadPoolExecutor() as pool:
                preparation = pool.submit(bases_for, self.project, engine, self.steps)
                self._start_cloud(port)
                build_args = preparation.result()
        else:
            self._start_cloud(port)
        own = {
            **environment.tools(environment.providers("bundled"), self.project, self.folder),
            **environment.local(region=self.project.region, endpoint=self.cloud.url),
            **environment.fill(
                {**self.project.environment, **self.project.local},
                cloud=self.cloud.url,
                state=self.folder / "state",
                build_args=build_args,
            ),
        }
        if self._apart:
            own["PATH"] = f"{self.project.root / 'node_modules' / '.bin'}{os.pathsep}{own['PATH']}"
        (self.folder / "state").mkdir(exist_ok=True)
        records.write(self._saved, own)
        self.env = environment.inherited(hide_account=True) | own

    def diff(self) -> str:
        """What a deployment of the app as it is now would change. Raises CommandFailed."""
        self._copy()
        return super().diff()

    def _copy(self) -> None:
        """Copy an app that runs apart anew; the state that is in the copy stays."""
        if not self._apart:
            return
        self.root.mkdir(exist_ok=True)
        for old in self.root.iterdir():
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            elif not fnmatch.fnmatch(old.name, "terraform.*.tfstate*"):
                old.unlink()
        ignore = shutil.ignore_patterns(*_NOT_COPIED, self.project.folder_name)
        shutil.copytree(self.project.root, self.root, ignore=ignore, symlinks=True, dirs_exist_ok=True)

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


def _all_texts(content: Any) -> bool:
    return isinstance(content, dict) and all(isinstance(value, str) for value in content.values())
