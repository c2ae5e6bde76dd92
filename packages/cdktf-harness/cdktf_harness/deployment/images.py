"""Prepare what a project's images need: engine, emulation, base images."""

from __future__ import annotations

import re
from pathlib import Path

from buildkit_client.errors import BuildFailed
from cdktf_harness.cloud import can_share_network, ensure_helper_image
from cdktf_harness.deployment.log_files import step_error
from cdktf_harness.docker.bases import ensure_bases, is_built
from cdktf_harness.docker.emulation import ensure_platform
from cdktf_harness.docker.engine import Engine, ensure_engine
from cdktf_harness.project.project import Project
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps
from docker_build_context import ContextError

_EPOCH = re.compile(r"^ARG SOURCE_DATE_EPOCH=(\d+)$", re.M)


def build_image(project: Project, folder: Path, tag: str, *, steps: Steps) -> None:
    """Build the image of `folder` for the project's architecture and name it `tag`. Raises HarnessError."""
    # Late: most commands build nothing themselves, and its imports take longer than they do.
    from buildkit_client.build import Build, build

    engine = engine_for(steps)
    # A `Dockerfile` beside a Containerfile is a link to it, for `docker build`.
    names = [name for name in ("Containerfile", "Dockerfile") if (folder / name).exists()]
    dockerfile = names[0] if names else "Dockerfile"
    what = Build(
        context=folder,
        dockerfile=dockerfile,
        tags=[tag],
        platform=f"linux/{project.architecture}",
        build_args={**_time(folder / dockerfile), **bases_for(project, engine, steps)},
    )
    with steps.step(f"Build of {folder}") as report:
        try:
            build(engine.client.api, what, report)
        except BuildFailed as failure:
            printed = failure.tail.strip().splitlines()
            raise CommandFailed(f"{failure}{step_error(printed)}", tail=failure.tail) from None
        except ContextError as error:
            raise HarnessError(str(error)) from None


def _time(dockerfile: Path) -> dict[str, str]:
    """The build argument SOURCE_DATE_EPOCH with the Dockerfile's own default, without which BuildKit takes no notice.

    It is the time in the configuration of the image (BuildKit, "Build reproducibility").
    """
    default = _EPOCH.search(dockerfile.read_text()) if dockerfile.is_file() else None
    return {"SOURCE_DATE_EPOCH": default[1]} if default else {}


def engine_for(steps: Steps) -> Engine:
    """Return the Docker engine; start one if none runs. Raises HarnessError."""
    with steps.step("Docker engine") as step:
        return ensure_engine(step.notice)


def bases_for(project: Project, engine: Engine, steps: Steps) -> dict[str, str]:
    """Make sure that the project's images can be built and run here; return the build arguments."""
    emulation_for(project, engine, steps)
    with steps.step("Base images") as step:
        if can_share_network(engine.client):
            ensure_helper_image(engine, step.notice)
        build_args = ensure_bases(engine, project.architecture, project.bases, step.notice)
        made = [project.bases[argument] for argument, image in build_args.items() if is_built(image)]
        step.outcome = f": {', '.join(made)} made from Debian's packages" if made else ": the public ones"
    return build_args


def emulation_for(project: Project, engine: Engine, steps: Steps) -> None:
    """Make sure that the engine runs images of the project's architecture. Raises HarnessError."""
    if project.architecture == engine.architecture:
        return
    with steps.step(f"Emulation of {project.architecture}") as step:
        ensure_platform(engine, project.architecture, step.notice)
