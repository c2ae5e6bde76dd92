"""The life of a deployment: up, outputs, answer, down."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdktf_harness import environment
from cdktf_harness.cdktf import cdktf, changes
from cdktf_harness.cloud import Cloud
from cdktf_harness.docker.bases import ensure_bases
from cdktf_harness.docker.build import Build, build
from cdktf_harness.docker.emulation import ensure_platform
from cdktf_harness.docker.engine import ensure_engine
from cdktf_harness.docker.leftovers import remove_leftovers
from cdktf_harness.errors import CommandFailed, HarnessError
from cdktf_harness.plan import Plan, plan
from cdktf_harness.process import TAIL_LINES
from cdktf_harness.project import Project
from cdktf_harness.providers.mirror import write_mirror
from cdktf_harness.steps import Steps

Outputs = Mapping[str, Mapping[str, Any]]


@dataclass
class Deployment:
    """The stacks of a project in one cloud; everything about it is kept in `folder`.

    `env` is the whole environment of the programs that deploy.
    """

    project: Project
    folder: Path
    env: Mapping[str, str]
    steps: Steps = field(default_factory=Steps)

    def cdktf(self, *arguments: str) -> str:
        """Run the CDKTF command line in the project and return what it printed. Raises CommandFailed."""
        return cdktf(*arguments, project=self.project.root, env=self.env, on_line=self.steps.detail)

    def plan(self, stack: str) -> Plan:
        """Synthesize the project and plan one of its stacks. Raises CommandFailed."""
        self.cdktf("synth")
        return plan(Path(self.env["CDKTF_OUTPUT"]) / "stacks" / stack, self.env)

    def deploy(self) -> Outputs:
        """Deploy all stacks and return their outputs by stack and name. Raises CommandFailed."""
        with self.steps.step(f"cdktf deploy {' '.join(self.project.stacks)}"):
            started = time.time()
            try:
                output = self.cdktf(
                    "deploy", *self.project.stacks, "--auto-approve", "--outputs-file", str(self._outputs)
                )
            except CommandFailed as failure:
                failure.tail += self._logs_since(started, known=failure.output)
                raise
        self.steps.say(f"  {changes(output)}")
        return self.outputs()

    def diff(self) -> str:
        """What a deployment would change, as the CDKTF command line tells it."""
        return "\n".join(self.cdktf("diff", stack) for stack in self.project.stacks)

    def destroy(self) -> None:
        """Destroy all stacks."""
        with self.steps.step(f"cdktf destroy {' '.join(self.project.stacks)}"):
            self.cdktf("destroy", *self.project.stacks, "--auto-approve")
        self._outputs.unlink(missing_ok=True)

    def outputs(self) -> Outputs:
        """The outputs of the last deployment, by stack and name. Raises HarnessError when there was none."""
        try:
            outputs: Outputs = json.loads(self._outputs.read_text())
        except FileNotFoundError:
            raise HarnessError("nothing is deployed") from None
        return outputs

    def url(self) -> str:
        """The deployed URL: the output that the project names for it."""
        stack, _, name = self.project.url.partition(".")
        try:
            return str(self.outputs()[stack][name])
        except KeyError:
            raise HarnessError(f"there is no output {self.project.url!r} (`url` in pyproject.toml)") from None

    def _logs_since(self, started: float, *, known: str) -> str:
        """The ends of the project's log files that were written since, unless they are in what is `known` already."""
        tails = ""
        for path in sorted(Path(self.env["CDKTF_OUTPUT"]).glob(self.project.logs)) if self.project.logs else []:
            lines = path.read_text(errors="replace").strip().splitlines()[-TAIL_LINES:]
            if lines and path.stat().st_mtime >= started and lines[-1].strip() not in known:
                tails += "\n".join(["", f"{path.name}:", *lines])
        return tails

    @property
    def _outputs(self) -> Path:
        return self.folder / "outputs.json"


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
        with ThreadPoolExecutor() as pool:
            preparation = pool.submit(_prepare_images, self.project, self.steps) if images else None
            with self.steps.step("Embedded cloud"):
                self.cloud.start(port=port)
            build_args = preparation.result() if preparation else {}
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

    def remove(self) -> None:
        """Stop the cloud and remove all that the deployment left: containers, images, files."""
        with self.steps.step("Embedded cloud, its containers and images removed"):
            instance, registry = self.cloud.instance, self.cloud.registry
            self.cloud.stop()
            remove_leftovers(instance=instance, registry=registry)
        shutil.rmtree(self.folder, ignore_errors=True)


class AwsDeployment(Deployment):
    """The stacks of a project in the AWS account of this process's environment."""

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self.env = environment.inherited(hide_account=False)

    def start(self, *, images: bool) -> None:
        """Check the credentials; with `images`, bring up what building them needs. Raises HarnessError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.steps.step("AWS account"):
            self.steps.say(f"  account {account()}")
        build_args = _prepare_images(self.project, self.steps) if images else {}
        kind = environment.providers("registry")
        own = environment.tools(kind, self.folder) | environment.fill(
            self.project.environment, cloud="", state=self.folder, build_args=build_args
        )
        if kind == "bundled":
            own["TF_CLI_CONFIG_FILE"] = str(write_mirror(self.folder / "mirror"))
        self.env = environment.inherited(hide_account=False) | own


def account() -> str:
    """The number of the AWS account that the environment's credentials belong to. Raises HarnessError."""
    # Late: it costs 0.1 s.
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        region = os.environ.get("AWS_REGION") or "us-east-1"
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise HarnessError(
            f"no usable AWS credentials ({error}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from None


def build_image(project: Project, folder: Path, tag: str, *, steps: Steps) -> None:
    """Build the image of `folder` for the project's architecture and name it `tag`. Raises HarnessError."""
    build_args = _prepare_images(project, steps)
    what = Build(
        context=folder,
        tags=[tag],
        platform=f"linux/{project.architecture}",
        build_args=build_args,
    )
    with steps.step(f"Build of {folder}") as report:
        build(ensure_engine().client.api, what, report)


def _prepare_images(project: Project, steps: Steps) -> dict[str, str]:
    """Make sure that the project's images can be built and run; returns the build arguments for that."""
    if not project.architecture:
        return {}
    with steps.step("Docker engine") as report:
        engine = ensure_engine(report)
    with steps.step(f"Emulation of {project.architecture}") as report:
        ensure_platform(engine, project.architecture, report)
    with steps.step("Base images") as report:
        return ensure_bases(engine, project.architecture, project.bases, report)
