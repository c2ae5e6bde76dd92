"""What the engine has of a deployment."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from docker.models.containers import Container
from docker.models.images import Image

from cdktf_harness.deployment.deployed_on_aws import DeployedOnAws
from cdktf_harness.docker import leftovers
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed

REPOSITORY = "ontra-dev"


def containers(deployment: Deployed, engine: Engine) -> list[Container]:
    """All that there are of the deployment's functions."""
    return leftovers.containers(engine.client, deployment.cloud.process.instance)


def image(deployment: Deployed, engine: Engine) -> Image:
    """The deployed image, pulled from the registry by its digest."""
    (given,) = deployment.cloud.client("ecr").get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
    on_aws = isinstance(deployment, DeployedOnAws)
    registry = urlsplit(given["proxyEndpoint"]).netloc if on_aws else deployment.cloud.process.registry
    outputs = deployment.outputs
    name = f"{registry}/{outputs['registry']['repository_name']}@{outputs['api']['image_digest']}"
    return engine.client.images.pull(name, auth_config={"username": user, "password": password})
