"""What differs between AWS and the embedded cloud, whose URL the harness puts in JOBS_CLOUD."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository

CLOUD = os.environ.get("JOBS_CLOUD", "")
# The embedded cloud calls the function through the Lambda emulator, which is in this stage of the image only.
IMAGE_STAGE = "emulated" if CLOUD else "function"


def repository_address(repository: EcrRepository) -> str:
    """Where the images of a repository are, without a tag."""
    return f"{urlsplit(CLOUD).netloc}/{repository.name}" if CLOUD else repository.repository_url


def invoke_url(stage: ApiGatewayStage) -> str:
    """The URL of a stage, without a path."""
    if not CLOUD:
        return stage.invoke_url
    return f"{CLOUD}/restapis/{stage.rest_api_id}/{stage.stage_name}/_user_request_"
