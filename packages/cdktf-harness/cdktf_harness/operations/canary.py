"""A canary: a new version that gets a share of the calls until no alarm was on for some minutes.

Each step is a deployment with other settings, as a rollback is, so Terraform's state is true. A deployment without them
gives all calls to the newest version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cdktf_harness.deployment.aws.errors import explained
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.http_probe import PATIENCE_SECONDS
from cdktf_harness.operations import alarms, invoke
from cdktf_harness.operations.releases import Release, deploy_with, published, releases
from cdktf_harness.system.errors import HarnessError, NotDeployed
from terraform_standins.waiting import poll

_POLL_SECONDS, _TRY_SECONDS = 5.0, 2.0


@dataclass(frozen=True)
class Canary:
    """A version that gets `share` of the calls; `main` gets the others."""

    version: str
    share: float
    main: str

    def __str__(self) -> str:
        return f"version {self.version} gets {100 * self.share:.3g} % of the calls, version {self.main} the others"

    def document(self) -> dict[str, Any]:
        """The canary as JSON."""
        return asdict(self)


def running(deployment: Deployment) -> Canary | None:
    """The canary that gets calls now."""
    alias = _alias(deployment) if deployment.project.alias else {}
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    # AWS allows one.
    return next((Canary(version, share, alias["FunctionVersion"]) for version, share in weights.items()), None)


def main_version(deployment: Deployment) -> str:
    """The version that keeps the calls when the next one is a canary; empty if there is none, or no canary is wanted.

    Raises HarnessError.
    """
    if not deployment.project.canary_share:
        return ""
    client = deployment.client("lambda")
    try:
        return str(_alias(deployment)["FunctionVersion"])
    except (NotDeployed, client.exceptions.ResourceNotFoundException):
        return ""


def deploy(deployment: Deployment, main: str) -> None:
    """Deploy; if that publishes a version, give it a share of the calls, and all of them if no alarm goes on.

    Raises HarnessError if `main` has all calls again.
    """
    project = deployment.project
    _check_alarms(deployment)
    deploy_with(deployment, {project.main_version_setting: main, project.canary_setting: "0"})
    (newest,) = releases(deployment, 1)
    if newest.version == main:
        return
    _try(deployment, newest, main)
    image = {project.image_setting: newest.digest}
    _give_calls(deployment, {**image, project.main_version_setting: main})
    canary = running(deployment)
    if not canary:
        raise HarnessError(
            f"version {newest.version} gets no calls: does the app use `{project.main_version_setting}`?"
        )
    on = _watch(deployment, canary)
    if running(deployment) != canary:
        listed = project.command(f"{deployment.brought_up_by.removesuffix('up')}releases")
        raise HarnessError(f"the calls were given to other versions meanwhile, where they stay: see {listed}")
    if on:
        undo(deployment, canary)
        raise HarnessError(f"{', '.join(on)} went on: version {canary.version} is undone, {main} has all calls")
    _give_calls(deployment, image)


def undo(deployment: Deployment, canary: Canary) -> None:
    """Give all calls to the main version, without a build. Raises HarnessError."""
    project = deployment.project
    kept = {project.main_version_setting: canary.main, project.canary_setting: "0"}
    _give_calls(deployment, {**kept, project.image_setting: published(deployment, canary.version).digest})


def _give_calls(deployment: Deployment, settings: Mapping[str, str]) -> None:
    """Deploy the stack of the alias alone: the others are as they were a moment ago. Raises HarnessError."""
    deploy_with(deployment, settings, only=[deployment.project.alias.partition(".")[0]])


def _check_alarms(deployment: Deployment) -> None:
    """Raise HarnessError if no alarm can go on, or one is on already."""
    states = alarms.states(deployment)
    on = alarms.on(states)
    if not states or on:
        why = f"{', '.join(on)} is on already" if on else "no alarm is deployed"
        (off,) = deployment.project.variables([f"{deployment.project.canary_setting}=0"]).items()
        raise HarnessError(f"{why}, so nothing can judge a canary: {'='.join(off)} deploys without one")


def _watch(deployment: Deployment, canary: Canary) -> list[str]:
    """The alarms that went on in the time that the app names, empty if none did. Raises HarnessError."""
    minutes = float(deployment.named("canary_minutes"))
    with deployment.steps.step(f"Canary, {minutes:g} min: {canary}") as step:
        try:
            with explained():
                on = poll(lambda: alarms.on(alarms.states(deployment)), 60 * minutes, every=_POLL_SECONDS)
        except HarnessError as error:
            raise HarnessError(f"{error}; {canary}") from None
        step.outcome = f": {', '.join(on)} went on" if on else ""
    return on


def _try(deployment: Deployment, release: Release, main: str) -> None:
    """Call a version that gets no calls. Raises HarnessError if it fails."""
    event = invoke.sample(deployment.url())
    answer = poll(
        lambda: invoke.invoke(deployment, event, release.version),
        PATIENCE_SECONDS,
        until=lambda answer: answer.final,
        # Each failure counts for the alarms.
        every=_TRY_SECONDS,
    )
    if answer.failure:
        raise HarnessError(f"version {release.version} fails ({answer.failure}): {main} keeps all calls")


def _alias(deployment: Deployment) -> dict[str, Any]:
    function, alias = str(deployment.named("function")), str(deployment.named("alias"))
    return dict(deployment.client("lambda").get_alias(FunctionName=function, Name=alias))
