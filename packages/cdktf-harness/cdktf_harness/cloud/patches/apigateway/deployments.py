"""API Gateway: a deployment needs a method, and a stage a deployment and a name of letters, digits, `_` and `-`.

ministack deploys an empty API, takes any name and any deployment, and deletes the deployment of a stage
(services/apigateway_v1.py 4494-4626). An API without methods is what a deployment finds that does not depend on them,
and that AWS refuses.
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
    deploy, create, update = service._create_deployment, service._create_stage, service._update_stage
    delete = service._delete_deployment

    def deploy_checked(api: str, data: dict[str, Any]) -> Any:
        resources = service._resources.get(api, {}).values()
        if api in service._rest_apis and not any(each["resourceMethods"] for each in resources):
            return _refused("The REST API doesn't contain any methods")
        return _misnamed(data.get("stageName")) or deploy(api, data)

    def create_checked(api: str, data: dict[str, Any]) -> Any:
        return _misnamed(data.get("stageName")) or _undeployed(api, data.get("deploymentId")) or create(api, data)

    def update_checked(api: str, stage: str, data: dict[str, Any]) -> Any:
        paths = {operation.get("path"): operation.get("value") for operation in data.get("patchOperations", ())}
        moved = "/deploymentId" in paths and _undeployed(api, paths["/deploymentId"])
        return moved or update(api, stage, data)

    def delete_checked(api: str, deployment: str) -> Any:
        if any(stage["deploymentId"] == deployment for stage in service._stages_v1.get(api, {}).values()):
            return _refused("Active stages pointing to this deployment must be moved or deleted")
        return delete(api, deployment)

    service._create_deployment, service._create_stage, service._update_stage = (
        deploy_checked,
        create_checked,
        update_checked,
    )
    service._delete_deployment = delete_checked


def _refused(reason: str) -> Any:
    return service._v1_error("BadRequestException", reason, 400)


def _undeployed(api: str, deployment: str | None) -> Any:
    """The error for a deployment that does not exist; None for one that does, and for an API that does not."""
    if api not in service._rest_apis or deployment in service._deployments_v1.get(api, {}):
        return None
    return _refused("Deployment id does not exist")


def _misnamed(name: str | None) -> Any:
    """The error for the name of a stage; None if it is a good one, or missing."""
    if not name or _NAME.fullmatch(name):
        return None
    return _refused("Stage name only allows a-zA-Z0-9_")
