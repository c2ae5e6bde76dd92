"""What the registry, the Docker engine and the logs have of a deployment."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlsplit

from docker.models.containers import Container
from docker.models.images import Image

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws

REPOSITORY = "ontra-dev"


def containers(deployment: Deployed, engine: Engine) -> list[Container]:
    """Return the containers of the deployment's functions."""
    return deployment.cloud.containers(engine.client, functions=True)


def is_monitored(deployment: Deployed) -> bool:
    """Return whether alarms and access logs are deployed: on AWS if the user's settings say so."""
    return bool(deployment.outputs["api"]["alarms"])


def logged(deployment: Deployed, group: str) -> list[dict[str, Any]]:
    """Return the lines in a log group that are JSON, oldest first."""
    return [json.loads(line) for line in deployment.cloud.logs(group) if line.startswith("{")]


def image(deployment: Deployed, engine: Engine) -> Image:
    """Pull the deployed image from the registry by its digest."""
    (given,) = deployment.cloud.client("ecr").get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
    on_aws = isinstance(deployment, DeployedOnAws)
    registry = urlsplit(given["proxyEndpoint"]).netloc if on_aws else deployment.cloud.registry
    outputs = deployment.outputs
    name = f"{registry}/{outputs['registry']['repository_name']}@{outputs['api']['image_digest']}"
    return engine.client.images.pull(name, auth_config={"username": user, "password": password})


def tags(deployment: Deployed) -> set[str]:
    """Return the tags of the images in the repository, without those that mark a release."""
    name = deployment.outputs["registry"]["repository_name"]
    found = deployment.cloud.client("ecr").describe_images(repositoryName=name)["imageDetails"]
    return {tag for image in found for tag in image["imageTags"] if not tag.startswith(("release-", "undone-"))}
