"""The gate: an app deploys, has then nothing left to change, and goes without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdktf_harness.deployment.deployed import Deployed
from cdktf_harness.docker.engine import find_engine
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.synthesis.app import Settings


class Converges:
    """Call it to assert that the app converges; see `__call__`."""

    def __init__(self, new: Callable[..., Deployed]) -> None:
        self._new = new

    def __call__(self, settings: Settings | None = None, /, *, deployment: Deployed | None = None, **more: Any) -> None:
        """Assert that plan and apply, an empty second plan, and destroy with nothing left all succeed.

        In a new cloud, or with `deployment` on that one, which is destroyed and whose cloud is stopped afterwards. The
        failure shows the step, what the second plan would change, or what is left and where.
        """
        __tracebackhide__ = True
        if deployment is None:
            deployment = self._new({**(settings or {}), **more})
        else:
            deployment.redeploy({**(settings or {}), **more})
        again = deployment.plan()
        if again or again.outputs:
            raise AssertionError(f"does not converge: right after a deployment, {again}")
        deployment.destroy()
        left = [*_in_states(deployment), *_in_engine(deployment), *deployment.cloud.contents()]
        if left:
            raise AssertionError("\n  ".join(["the destruction of all stacks left something:", *left]))


def _in_states(deployment: Deployed) -> list[str]:
    """The resources that Terraform still has in a state."""
    return [
        f"state of {stack}: {resource}" for stack, resources in deployment.states().items() for resource in resources
    ]


def _in_engine(deployment: Deployed) -> list[str]:
    """The containers that the cloud started and that are still there."""
    try:
        containers = find_engine().client.containers
    except HarnessError:
        return []
    label = f"ministack.instance={deployment.cloud.process.instance}"
    return [
        f"container {container.name}"
        for container in containers.list(all=True, filters={"label": label}, ignore_removed=True)
    ]
