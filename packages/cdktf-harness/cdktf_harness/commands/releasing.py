"""Deploy, verify the answer, and roll back to the last good release without one; deploy what another stage runs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import EngineGone
from cdktf_harness.operations import canary, promotion, releases
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.synthesis import manifest
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError

# The number of versions among which a rollback chooses.
_SEARCHED = 50
# They override a profile.
_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def release(deployment: Deployment, *, undo: bool) -> None:
    """Deploy, print the answer, and mark the image as good. Raises HarnessError.

    Without an answer, the error says how to restore the last good release; with `undo`, restore it.
    """
    with one_line_errors():
        if mains := canary.main_versions(deployment):
            canary.deploy(deployment, mains)
        else:
            deployment.deploy()
    for warning in manifest.annotated(deployment.out, "warn"):
        deployment.steps.say(f"warning: {warning}")
    _check(deployment, undo=undo)


def go_back(deployment: Deployment, wanted: str, function: str = "") -> None:
    """Restore the release `wanted` of a function, a version or a digest. Raises HarnessError.

    By default, remove a canary, or restore the last good release before the live one, of all functions.
    """
    functions = deployment.functions(function)
    if wanted and len(functions) > 1:
        raise HarnessError(f"{wanted!r} is of one function: name it by --function")
    running = {one.selected: found for one in functions if (found := canary.running(one))}
    if running and not wanted:
        for name, found in running.items():
            of = f" of {name}" if name else ""
            deployment.steps.say(f"Giving all calls{of} to version {found.main}, none to version {found.version}")
        canary.undo(deployment, functions)
        return
    chosen: list[tuple[Deployment, releases.Release]] = []
    for one in functions:
        release = releases.chosen(releases.releases(one, _SEARCHED), wanted)
        of = f" of {one.selected}" if one.selected else ""
        image = f"{release.version}{of}, with the current settings: {release.digest} {release.commit}".rstrip()
        deployment.steps.say(f"Restoring the image of version {image}")
        chosen.append((one, release))
    releases.roll_back(deployment, chosen)


def _check(deployment: Deployment, *, undo: bool) -> None:
    project = deployment.project
    known = all((project.url, project.function, project.alias, project.repository))
    try:
        print_answer(deployment)
    except EngineGone:
        # No release can answer.
        raise
    except HarnessError as error:
        if not known or not project.image_setting:
            raise
        try:
            with one_line_errors():
                last = [(one, releases.chosen(releases.releases(one, _SEARCHED), "")) for one in deployment.functions()]
        except HarnessError:
            # Usually the first deployment.
            raise error from None
        versions = ", ".join(release.version for _, release in last)
        if not undo:
            command = project.command(f"{deployment.brought_up_by.removesuffix('up')}rollback")
            raise HarnessError(f"{error}; {command} restores version {versions}") from None
        deployment.steps.say(f"error: {error}")
        with one_line_errors():
            releases.roll_back(deployment, last)
        print_answer(deployment)
        raise HarnessError(f"the deployment did not answer; rolled back to version {versions}") from None
    # Importing boto3 and asking AWS take a tenth of a deployment that changes nothing.
    answered = deployment.own / "answered.json"
    if known and (deployment.changed or json_store.read(answered) != deployment.outputs()):
        with one_line_errors():
            for one in deployment.functions():
                releases.mark_good(one, releases.live(one))
        json_store.write(answered, deployment.outputs())


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
            with one_line_errors(running):
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
        release(deployment, undo=undo)


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


def print_answer(deployment: Deployment) -> None:
    """Print the URL and its answer, or the outputs if the project names no URL. Raises HarnessError."""
    if not deployment.project.url:
        print(json.dumps(own_outputs(deployment), indent=2))
        return
    print(deployment.url())
    with one_line_errors(deployment):
        print(deployment.answer())


def own_outputs(deployment: Deployment) -> dict[str, dict[str, Any]]:
    """Return the outputs by stack without those that only other stacks read."""
    return {
        stack: {name: value for name, value in outputs.items() if not name.startswith("cross-stack-output-")}
        for stack, outputs in deployment.outputs().items()
    }
