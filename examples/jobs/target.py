"""The differences between AWS and the embedded cloud, whose URL the harness sets in JOBS_CLOUD."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository

CLOUD = os.environ.get("JOBS_CLOUD", "")
# The embedded cloud needs the stage of the image that has the Lambda emulator.
IMAGE_STAGE = "emulated" if CLOUD else "function"


def repository_address(repository: EcrRepository) -> str:
    """Return the name of the images in a repository, without a tag."""
    return f"{urlsplit(CLOUD).netloc}/{repository.name}" if CLOUD else repository.repository_url


def invoke_url(stage: ApiGatewayStage) -> str:
    """Return the URL of a stage, without a path."""
    if not CLOUD:
        return stage.invoke_url
    return f"{CLOUD}/restapis/{stage.rest_api_id}/{stage.stage_name}/_user_request_"
