"""API Gateway: a deployment needs a method, and a stage a name of letters, digits, `_` and `-`.

ministack deploys an empty API and takes any name (services/apigateway_v1.py 4494-4602). An API without methods is what
a deployment finds that does not depend on them, and that AWS refuses.
https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html , API_CreateDeployment.html ; the messages are
those that users of AWS report. The one for a name does not say that `-` is taken.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


def install() -> None:
    """Refuse what AWS refuses, before ministack changes anything."""
    deploy, create = service._create_deployment, service._create_stage

    def deploy_checked(api: str, data: dict[str, Any]) -> Any:
        resources = service._resources.get(api, {}).values()
        if api in service._rest_apis and not any(each["resourceMethods"] for each in resources):
            return service._v1_error("BadRequestException", "The REST API doesn't contain any methods", 400)
        return _misnamed(data.get("stageName")) or deploy(api, data)

    def create_checked(api: str, data: dict[str, Any]) -> Any:
        return _misnamed(data.get("stageName")) or create(api, data)

    service._create_deployment, service._create_stage = deploy_checked, create_checked


def _misnamed(name: str | None) -> Any:
    """The error for the name of a stage; None if it is a good one, or missing."""
    if not name or _NAME.fullmatch(name):
        return None
    return service._v1_error("BadRequestException", "Stage name only allows a-zA-Z0-9_", 400)
