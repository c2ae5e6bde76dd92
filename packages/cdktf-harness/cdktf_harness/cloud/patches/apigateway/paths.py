"""API Gateway: a path and a method of a path exist once, and a path has the characters that AWS takes.

ministack lets PutMethod replace a method, so that two resources of Terraform share one, and CreateResource takes any
path part and any number of variable siblings (services/apigateway_v1.py 4218-4282).
https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html , API_CreateResource.html ; the messages are those
that users of AWS report. `$` and `~`, which the one for characters does not name, are let through.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

_PART = re.compile(r"[\w.:$~-]+|\{[\w.:$~-]+\+?\}", re.ASCII)


def install() -> None:
    """Refuse what AWS refuses, before ministack changes anything."""
    create, put = service._create_resource, service._put_method

    def create_checked(api: str, parent: str, data: dict[str, Any]) -> Any:
        siblings = [each for each in service._resources.get(api, {}).values() if each.get("parentId") == parent]
        reason = _refusal(data.get("pathPart", ""), [each["pathPart"] for each in siblings])
        return service._v1_error("BadRequestException", reason, 400) if reason else create(api, parent, data)

    def put_once(api: str, resource: str, http_method: str, data: dict[str, Any]) -> Any:
        methods = service._resources.get(api, {}).get(resource, {}).get("resourceMethods", {})
        if http_method in methods:
            return service._v1_error("ConflictException", "Method already exists for this resource", 409)
        return put(api, resource, http_method, data)

    service._create_resource, service._put_method = create_checked, put_once


def _refusal(part: str, siblings: list[str]) -> str:
    """Why a path part is refused beside others, or an empty string; one that exists is refused by ministack."""
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
