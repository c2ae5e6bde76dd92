"""API Gateway: it refuses what AWS refuses.

A path and a method of a path exist once, and a path has only characters that AWS accepts: with ministack, PutMethod
replaces a method, so that two resources of Terraform share one, and CreateResource accepts any path part and any number
of variable siblings (services/apigateway_v1.py 4218-4282). A deployment needs a method, and a stage a deployment and a
name of letters, digits, `_` and `-`: ministack deploys an empty API, takes any name and any deployment, and deletes the
deployment of a stage (4494-4626). On AWS, a deployment that does not depend on its methods fails, because it is created
before them.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html , API_CreateDeployment.html ,
API_PutMethod.html , API_CreateResource.html ; the messages are those that users of AWS report. AWS also accepts `-` in
names of stages, and `$` and `~` in paths, which the messages omit.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import refuses

_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}")
_AUTHORIZATION = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_PART = re.compile(r"[\w.:$~-]+|\{[\w.:$~-]+\+?\}", re.ASCII)


@refuses(service, "_create_resource")
def _create_resource(api: str, parent: str, data: dict[str, Any]) -> Any:
    # ministack refuses a part that exists.
    part = data.get("pathPart", "")
    if not part:
        return _refused("Resource's path part must be specified")
    if not _PART.fullmatch(part):
        return _refused(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
            "beginning and the end."
        )
    siblings = [each["pathPart"] for each in service._resources.get(api, {}).values() if each.get("parentId") == parent]
    variables = [each for each in siblings if each.startswith("{")]
    if variables and part.startswith("{") and part not in variables:
        return _refused(
            f"A sibling ({variables[0]}) of this resource already has a variable path part -- only one is allowed"
        )
    return None


@refuses(service, "_put_method")
def _put_method(api: str, resource: str, http_method: str, data: dict[str, Any]) -> Any:
    if not (found := service._resources.get(api, {}).get(resource)):
        return None
    # ministack asks for no authorization then.
    if (kind := data.get("authorizationType")) not in _AUTHORIZATION:
        return _refused(f"Invalid authorization type {kind}: it must be one of {', '.join(_AUTHORIZATION)}")
    if http_method in found.get("resourceMethods", {}):
        return service._v1_error("ConflictException", "Method already exists for this resource", 409)
    return None


@refuses(service, "_create_deployment")
def _create_deployment(api: str, data: dict[str, Any]) -> Any:
    resources = service._resources.get(api, {}).values()
    if api in service._rest_apis and not any(each["resourceMethods"] for each in resources):
        return _refused("The REST API doesn't contain any methods")
    return _misnamed(data.get("stageName"))


@refuses(service, "_create_stage")
def _create_stage(api: str, data: dict[str, Any]) -> Any:
    return _misnamed(data.get("stageName")) or _undeployed(api, data.get("deploymentId"))


@refuses(service, "_update_stage")
def _update_stage(api: str, _: str, data: dict[str, Any]) -> Any:
    paths = {operation.get("path"): operation.get("value") for operation in data.get("patchOperations", ())}
    return _undeployed(api, paths["/deploymentId"]) if "/deploymentId" in paths else None


@refuses(service, "_delete_deployment")
def _delete_deployment(api: str, deployment: str) -> Any:
    if any(stage["deploymentId"] == deployment for stage in service._stages_v1.get(api, {}).values()):
        return _refused("Active stages pointing to this deployment must be moved or deleted")
    return None


def _refused(reason: str) -> Any:
    return service._v1_error("BadRequestException", reason, 400)


def _undeployed(api: str, deployment: str | None) -> Any:
    """Return the error for a deployment that does not exist, unless the API does not exist either."""
    if api not in service._rest_apis or deployment in service._deployments_v1.get(api, {}):
        return None
    return _refused("Deployment id does not exist")


def _misnamed(name: str | None) -> Any:
    """Return the error for an invalid name of a stage, or None."""
    return _refused("Stage name only allows a-zA-Z0-9_") if name and not _STAGE.fullmatch(name) else None
