"""API Gateway: a deployment needs a method, and a stage a deployment and a name of letters, digits, `_` and `-`.

ministack deploys an empty API, takes any name and any deployment, and deletes the deployment of a stage
(services/apigateway_v1.py 4494-4626). On AWS, a deployment that does not depend on its methods fails, because it is
created before them.
https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html , API_CreateDeployment.html ; the messages are
those that users of AWS report. The message for a name omits `-`, which AWS accepts.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


@replaces(service, "_create_deployment")
def _create_deployment(original: Any, api: str, data: dict[str, Any]) -> Any:
    resources = service._resources.get(api, {}).values()
    if api in service._rest_apis and not any(each["resourceMethods"] for each in resources):
        return _refused("The REST API doesn't contain any methods")
    return _misnamed(data.get("stageName")) or original(api, data)


@replaces(service, "_create_stage")
def _create_stage(original: Any, api: str, data: dict[str, Any]) -> Any:
    return _misnamed(data.get("stageName")) or _undeployed(api, data.get("deploymentId")) or original(api, data)


@replaces(service, "_update_stage")
def _update_stage(original: Any, api: str, stage: str, data: dict[str, Any]) -> Any:
    paths = {operation.get("path"): operation.get("value") for operation in data.get("patchOperations", ())}
    moved = "/deploymentId" in paths and _undeployed(api, paths["/deploymentId"])
    return moved or original(api, stage, data)


@replaces(service, "_delete_deployment")
def _delete_deployment(original: Any, api: str, deployment: str) -> Any:
    if any(stage["deploymentId"] == deployment for stage in service._stages_v1.get(api, {}).values()):
        return _refused("Active stages pointing to this deployment must be moved or deleted")
    return original(api, deployment)


def _refused(reason: str) -> Any:
    return service._v1_error("BadRequestException", reason, 400)


def _undeployed(api: str, deployment: str | None) -> Any:
    """Return the error for a deployment that does not exist, unless the API does not exist either."""
    if api not in service._rest_apis or deployment in service._deployments_v1.get(api, {}):
        return None
    return _refused("Deployment id does not exist")


def _misnamed(name: str | None) -> Any:
    """Return the error for an invalid name of a stage, or None."""
    if not name or _NAME.fullmatch(name):
        return None
    return _refused("Stage name only allows a-zA-Z0-9_")
