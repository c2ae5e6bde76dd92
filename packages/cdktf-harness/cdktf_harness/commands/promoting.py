"""Deploy what another stage runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

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


class Source(NamedTuple):
    """The stage to promote from, with its settings (NAME=VALUE) and AWS profile where they differ.

    It must run the `expected` digests, if there are any.
    """

    stage: str
    settings: Sequence[str] = ()
    profile: str = ""
    expected: Sequence[str] = ()


def promote(
    deployment: Deployment, find: Callable[[], Deployment], start: Callable[[], None], source: Source, *, undo: bool
) -> None:
    """Deploy the images that `source` runs to `deployment`, which `start` prepares; `find` returns that of `source`.

    Raises HarnessError.
    """
    project, stage = deployment.project, source.stage
    if not stage or not project.stages:
        raise HarnessError("name the stage to promote from" if project.stages else f"[{TABLE}] has no `stages`: add it")
    if stage == project.stage:
        (variable,) = project.variables([f"{project.stage_setting}="])
        raise HarnessError(f"{stage} is the stage to deploy, too: name another one, or set {variable}")
    with deployment.owned(), one_line_errors():
        with _in_stage(project, source):
            running = find()
            running.prepare()
            images = promotion.live_images(running)
        digests = {image.release.digest for image in images.values()}
        if source.expected and digests != set(source.expected):
            raise HarnessError(
                f"stage {stage} runs {', '.join(sorted(digests))}: review it, then --expect that instead"
            )
        start()
        promotion.deploy_repositories(deployment)
        pinned = promotion.copy(deployment, images)
        deployment.builds = False
        deployment.env = {**deployment.env, **project.variables(f"{name}={value}" for name, value in pinned.items())}
        releasing.release(deployment, undo=undo)


@contextmanager
def _in_stage(project: Project, source: Source) -> Iterator[None]:
    """Let this process's environment be that of another stage while the block runs."""
    before = dict(os.environ)
    for name in _KEYS if source.profile else ():
        os.environ.pop(name, None)
    os.environ.update(project.variables([f"{project.stage_setting}={source.stage}", *source.settings]))
    os.environ.update({"AWS_PROFILE": source.profile} if source.profile else {})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
