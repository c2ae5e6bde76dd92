"""Canaries: a new version gets a share of the calls until no alarm has fired for some minutes.

Each step is a deployment with other settings, like a rollback, so Terraform's state is true. A deployment without them
gives all calls to the newest version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf_harness.deployment.aws.errors import one_line_errors
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


def running(deployment: Deployment) -> Canary | None:
    """Return the canary that gets calls now."""
    alias = _alias(deployment) if deployment.project.alias else {}
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    # AWS allows one.
    return next((Canary(version, share, alias["FunctionVersion"]) for version, share in weights.items()), None)


def main_versions(deployment: Deployment) -> dict[str, str]:
    """Return the version that keeps the calls if the next one is a canary, for each function by its key.

    None for functions that are not deployed, and without a canary. Raises HarnessError.
    """
    if not deployment.project.canary_share:
        return {}
    client = deployment.client("lambda")
    try:
        return {one.selected: str(_alias(one)["FunctionVersion"]) for one in deployment.functions()}
    except (NotDeployed, client.exceptions.ResourceNotFoundException):
        return {}


def deploy(deployment: Deployment, mains: Mapping[str, str]) -> None:
    """Deploy; give each version that this publishes a share of the calls, and all of them if no alarm fires.

    Raises HarnessError if the versions `mains` have all calls again.
    """
    project = deployment.project
    _check_alarms(deployment)
    functions = [one for one in deployment.functions() if one.selected in mains]
    kept = {one.setting("main_version_setting"): mains[one.selected] for one in functions}
    deploy_with(deployment, {**kept, project.canary_setting: "0"})
    newest = {one.selected: releases(one, 1)[0] for one in functions}
    changed = [one for one in functions if newest[one.selected].version != mains[one.selected]]
    if not changed:
        return
    # With several functions, the URL does not tell which of them answers it.
    for one in changed if len(functions) == 1 else ():
        _try(one, newest[one.selected], mains[one.selected])
    images = {one.setting("image_setting"): newest[one.selected].digest for one in changed}
    # Not of the others: a version cannot be beside itself.
    kept = {one.setting("main_version_setting"): mains[one.selected] for one in changed}
    _give_calls(deployment, {**images, **kept})
    canaries = {one.selected: running(one) for one in changed}
    for one in changed:
        if not canaries[one.selected]:
            setting = one.setting("main_version_setting")
            version = newest[one.selected].version
            raise HarnessError(f"version {version} gets no calls: let the app use the setting `{setting}`")
    fired = _watch(deployment, "; ".join(map(_named, canaries.items())))
    if {one.selected: running(one) for one in changed} != canaries:
        listed = project.command(f"{deployment.brought_up_by.removesuffix('up')}releases")
        raise HarnessError(f"traffic was shifted to another version in the meantime; leaving it there: see {listed}")
    if fired:
        undo(deployment, changed)
        back = ", ".join(f"{canary.version} to {canary.main}" for canary in canaries.values() if canary)
        raise HarnessError(f"alarm {', '.join(fired)} fired; rolled back from version {back}")
    _give_calls(deployment, images)


def undo(deployment: Deployment, functions: Sequence[Deployment]) -> None:
    """Give all calls of functions with a canary to their main versions, without a build. Raises HarnessError."""
    settings = {deployment.project.canary_setting: "0"}
    for one in functions:
        if canary := running(one):
            settings[one.setting("main_version_setting")] = canary.main
            settings[one.setting("image_setting")] = published(one, canary.version).digest
    _give_calls(deployment, settings)


def _give_calls(deployment: Deployment, settings: Mapping[str, str]) -> None:
    """Deploy only the stack of the alias: the others have just been deployed. Raises HarnessError."""
    deploy_with(deployment, settings, only=[deployment.project.alias.partition(".")[0]])


def _named(canary: tuple[str, Canary | None]) -> str:
    return f"{canary[0]}: {canary[1]}" if canary[0] else str(canary[1])


def _check_alarms(deployment: Deployment) -> None:
    """Raise HarnessError if there is no alarm, or one fires already."""
    states = alarms.states(deployment)
    if (firing := alarms.firing(states)) or not states:
        why = f"alarm {', '.join(firing)} fires" if firing else "no alarm is deployed"
        (off,) = deployment.project.variables([f"{deployment.project.canary_setting}=0"]).items()
        raise HarnessError(f"{why}, so a canary cannot be evaluated: deploy without one by {'='.join(off)}")


def _watch(deployment: Deployment, canary: str) -> list[str]:
    """Return the alarms that fired in the time that the app names. Raises HarnessError."""
    minutes = float(deployment.named("canary_minutes"))
    with deployment.steps.step(f"Canary, {minutes:g} min: {canary}") as step:
        try:
            with one_line_errors():
                fired = poll(lambda: alarms.firing(alarms.states(deployment)), 60 * minutes, every=_POLL_SECONDS)
        except HarnessError as error:
            raise HarnessError(f"{error}; {canary}") from None
        step.outcome = f": {', '.join(fired)} fired" if fired else ""
    return fired


def _try(deployment: Deployment, release: Release, main: str) -> None:
    """Invoke a version before it gets calls. Raises HarnessError if it fails."""
    event = invoke.sample(deployment.url())
    answer = poll(
        lambda: invoke.invoke(deployment, event, release.version),
        PATIENCE_SECONDS,
        until=lambda answer: answer.final,
        # Rarely: the alarms count each failure.
        every=_TRY_SECONDS,
    )
    if answer.failure:
        raise HarnessError(f"version {release.version} fails ({answer.failure}): {main} keeps all calls")


def _alias(deployment: Deployment) -> dict[str, Any]:
    function, alias = str(deployment.named("function")), str(deployment.named("alias"))
    return dict(deployment.client("lambda").get_alias(FunctionName=function, Name=alias))
