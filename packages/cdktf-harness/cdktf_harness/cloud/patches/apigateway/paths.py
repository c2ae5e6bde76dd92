"""API Gateway: a path and a method of a path exist once, and a path has only characters that AWS accepts.

With ministack, PutMethod replaces a method, so that two resources of Terraform share one, and CreateResource accepts
any path part and any number of variable siblings (services/apigateway_v1.py 4218-4282).
https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html , API_CreateResource.html ; the messages are those
that users of AWS report. AWS also accepts `$` and `~`, which the message omits.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_PART = re.compile(r"[\w.:$~-]+|\{[\w.:$~-]+\+?\}", re.ASCII)


@replaces(service, "_create_resource")
def _create_resource(original: Any, api: str, parent: str, data: dict[str, Any]) -> Any:
    siblings = [each for each in service._resources.get(api, {}).values() if each.get("parentId") == parent]
    reason = _refusal(data.get("pathPart", ""), [each["pathPart"] for each in siblings])
    return service._v1_error("BadRequestException", reason, 400) if reason else original(api, parent, data)


@replaces(service, "_put_method")
def _put_method(original: Any, api: str, resource: str, http_method: str, data: dict[str, Any]) -> Any:
    methods = service._resources.get(api, {}).get(resource, {}).get("resourceMethods", {})
    if http_method in methods:
        return service._v1_error("ConflictException", "Method already exists for this resource", 409)
    return original(api, resource, http_method, data)


def _refusal(part: str, siblings: list[str]) -> str:
    """Return why a path part is refused beside others, or an empty string; ministack refuses an existing one."""
    if not part:
        return "Resource's path part must be specified"
    if not _PART.fullmatch(part):
        return (
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
            "beginning and the end."
        )
    variables = [each for each in siblings if each.startswith("{")]
    if variables and part.startswith("{") and part not in variables:
        return f"A sibling ({variables[0]}) of this resource already has a variable path part -- only one is allowed"
    return ""
