"""Deploy, see that it answers, and put the last good release back if it does not."""

from __future__ import annotations

from cdktf_harness.commands.answer import print_answer
from cdktf_harness.deployment.aws.errors import explained
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import EngineGone
from cdktf_harness.operations import canary, releases
from cdktf_harness.synthesis import manifest
from cdktf_harness.system.errors import HarnessError

# How many versions back a rollback looks.
_SEARCHED = 50


def release(deployment: Deployment, *, undo: bool) -> None:
    """Deploy, print what it answers, and mark its image as good. Raises HarnessError.

    If it does not, the error says how to put the last good release back; with `undo`, do so.
    """
    with explained():
        if main := canary.main_version(deployment):
            canary.deploy(deployment, main)
        else:
            deployment.deploy()
    for warning in manifest.annotated(deployment.out, "warn"):
        deployment.steps.say(f"warning: {warning}")
    _check(deployment, undo=undo)


def go_back(deployment: Deployment, wanted: str) -> None:
    """Put the release that is `wanted` back, a version or a digest. Raises HarnessError.

    By default, take a canary away, or put the last good release before the live one back.
    """
    running = canary.running(deployment)
    if running and not wanted:
        deployment.steps.say(f"Version {running.main} gets all calls again, version {running.version} none")
        canary.undo(deployment, running)
        return
    release = releases.chosen(releases.releases(deployment, _SEARCHED), wanted)
    image = f"{release.digest} {release.commit}".rstrip()
    deployment.steps.say(f"Back to the image of version {release.version}, with the current settings: {image}")
    releases.roll_back(deployment, release)


def _check(deployment: Deployment, *, undo: bool) -> None:
    project = deployment.project
    known = all((project.url, project.function, project.alias, project.repository))
    try:
        print_answer(deployment)
    except EngineGone:
        # No release would answer.
        raise
    except HarnessError as error:
        if not known or not project.image_setting:
            raise
        try:
            with explained():
                last = releases.chosen(releases.releases(deployment, _SEARCHED), "")
        except HarnessError:
            # The first deployment, mostly.
            raise error from None
        if not undo:
            command = project.command(f"{deployment.brought_up_by.removesuffix('up')}rollback")
            raise HarnessError(f"{error}; {command} puts version {last.version} back") from None
        deployment.steps.say(f"error: {error}")
        with explained():
            releases.roll_back(deployment, last)
        print_answer(deployment)
        raise HarnessError(f"what was deployed did not answer; version {last.version} is back") from None
    if known:
        with explained():
            releases.mark_good(deployment, releases.live(deployment))
