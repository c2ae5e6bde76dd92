"""What the engine has of a deployment."""

from __future__ import annotations

from docker.models.containers import Container

from cdktf_harness.docker import docker_cleanup
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed


def containers(deployment: Deployed, engine: Engine) -> list[Container]:
    """All that there are of the deployment's functions."""
    return docker_cleanup.containers(engine.client, deployment.cloud.process.instance, functions=True)
