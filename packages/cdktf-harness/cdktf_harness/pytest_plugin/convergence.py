"""Check that an app deploys, that a second plan is empty, and that a destroy leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cdktf_harness.docker.engine import find_engine
from cdktf_harness.pytest_plugin.deployment import Deployed
from cdktf_harness.synthesis.app import Settings
from cdktf_harness.system.errors import HarnessError
from terraform_standins.waiting import poll

_REMOVAL_SECONDS = 30.0


@dataclass(frozen=True)
class Converges:
    """A function that asserts that the app converges; see `__call__`."""

    _new: Callable[..., Deployed]

    def __call__(self, settings: Settings | None = None, /, *, deployment: Deployed | None = None, **more: Any) -> None:
        """Assert that a deployment succeeds, that a second plan is empty, and that a destroy leaves nothing.

        Use a new cloud, or that of `deployment`, which is deployed again if needed and destroyed; its cloud is stopped.
        The failure shows the step, the changes of the second plan, or what is left and where.
        """
        __tracebackhide__ = True
        wanted = {**(settings or {}), **more}
        if deployment is None:
            deployment = self._new(wanted)
            again = deployment.plan()
        else:
            again = deployment.changed(wanted)
            if again or again.outputs:
                deployment.redeploy(wanted)
                again = deployment.plan()
        if again or again.outputs:
            raise AssertionError(f"does not converge: right after a deployment, {again}")
        deployment.destroy()
        states = deployment.states().items()
        left = [f"state of {stack}: {resource}" for stack, resources in states for resource in resources]
        left += [*_in_engine(deployment), *deployment.cloud.contents()]
        if left:
            raise AssertionError("\n  ".join(["a destroy of all stacks leaves:", *left]))


def _in_engine(deployment: Deployed) -> list[str]:
    """Return the containers of the cloud that still exist; it removes those of a deleted function."""
    try:
        client = find_engine().client
    except HarnessError:
        return []
    cloud = deployment.cloud
    found = poll(lambda: cloud.containers(client), _REMOVAL_SECONDS, until=lambda left: not left)
    return [f"container {container.name}" for container in found]
