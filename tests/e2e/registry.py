"""What the registry has of a deployment."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from docker.models.images import Image

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws

REPOSITORY = "ontra-dev"


def image(deployment: Deployed, engine: Engine) -> Image:
    """The deployed image, pulled from the registry by its digest."""
    (given,) = deployment.cloud.client("ecr").get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
    on_aws = isinstance(deployment, DeployedOnAws)
    registry = urlsplit(given["proxyEndpoint"]).netloc if on_aws else deployment.cloud.process.registry
    outputs = deployment.outputs
    name = f"{registry}/{outputs['registry']['repository_name']}@{outputs['api']['image_digest']}"
    return engine.client.images.pull(name, auth_config={"username": user, "password": password})


def tags(deployment: Deployed) -> set[str]:
    """Return the tags of the images in the repository, without those that mark a release."""
    name = deployment.outputs["registry"]["repository_name"]
    found = deployment.cloud.client("ecr").describe_images(repositoryName=name)["imageDetails"]
    return {tag for image in found for tag in image["imageTags"] if not tag.startswith(("release-", "undone-"))}
