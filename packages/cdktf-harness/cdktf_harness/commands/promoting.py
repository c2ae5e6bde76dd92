"""Deploy what another stage runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cdktf_harness.commands import releasing
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import promotion
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.system.errors import HarnessError

# They override a profile.
_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def promote(
    deployment: Deployment,
    find: Callable[[], Deployment],
    start: Callable[[], None],
    stage: str,
    *,
    settings: Sequence[str] = (),
    profile: str = "",
    undo: bool = False,
) -> None:
    """Deploy the images that `stage` runs to `deployment`, which `start` prepares; `find` returns that of `stage`.

    `settings` (NAME=VALUE) and the AWS `profile` are those of `stage`, where they differ. Raises HarnessError.
    """
    project = deployment.project
    if not stage or not project.stages:
        raise HarnessError("name the stage to promote from" if project.stages else f"[{TABLE}] has no `stages`: add it")
    if stage == project.stage:
        (variable,) = project.variables([f"{project.stage_setting}="])
        raise HarnessError(f"{stage} is the stage to deploy, too: name another one, or set {variable}")
    with deployment.owned(), one_line_errors():
        with _in_stage(project, stage, settings, profile):
            source = find()
            source.prepare()
            images = promotion.live_images(source)
        start()
        promotion.deploy_repositories(deployment)
        pinned = promotion.copy(deployment, images)
        deployment.builds = False
        deployment.env = {**deployment.env, **project.variables(f"{name}={value}" for name, value in pinned.items())}
        releasing.release(deployment, undo=undo)


@contextmanager
def _in_stage(project: Project, stage: str, settings: Sequence[str], profile: str) -> Iterator[None]:
    """Let this process's environment be that of another stage while the block runs."""
    before = dict(os.environ)
    for name in _KEYS if profile else ():
        os.environ.pop(name, None)
    os.environ.update(project.variables([f"{project.stage_setting}={stage}", *settings]))
    os.environ.update({"AWS_PROFILE": profile} if profile else {})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
