"""The target of a deployment: AWS or the embedded cloud."""

from __future__ import annotations

from cdktf import TerraformStack

from cdktf_lambda_api import Cloud
from stacks.settings import Settings
from stacks.state import keep_state


def prepare(stack: TerraformStack, settings: Settings) -> Cloud:
    """Give `stack` its state backend and its AWS provider; return where it is deployed."""
    keep_state(stack, settings)
    cloud = Cloud(settings.region, settings.endpoint if settings.target == "local" else "")
    tags = {"Project": settings.name_prefix, "Stage": settings.stage, "ManagedBy": "cdktf"}
    cloud.provide(stack, tags=tags, account=settings.account)
    return cloud
