"""Deploy, verify the answer, and roll back to the last good release without one."""

from __future__ import annotations

from cdktf_harness.commands.answer import print_answer
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import EngineGone
from cdktf_harness.operations import canary, releases
from cdktf_harness.synthesis import manifest
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError

# The number of versions among which a rollback chooses.
_SEARCHED = 50


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
    if known and (deployment.changed or json_store.read(deployment.answered) != deployment.outputs()):
        with one_line_errors():
            for one in deployment.functions():
                releases.mark_good(one, releases.live(one))
        json_store.write(deployment.answered, deployment.outputs())
