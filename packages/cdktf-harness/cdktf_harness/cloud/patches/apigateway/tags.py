"""API Gateway: all calls use the same tags of a resource.

ministack's TagResource and UntagResource change a table that GetRestApi, GetStage, GetApiKey and GetUsagePlan do not
read, and CreateStage, CreateApiKey and CreateUsagePlan do not write it (services/apigateway_v1.py 5299-5325, 4598,
5028, 5080). Here the tags are stored in the resource and copied to the table, which ministack's CloudFormation reads.
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_get_v1_tags")
def _get(_: Any, arn: str) -> Any:
    key, error = service._resolve_v1_tag_resource_arn(arn)
    return error or service._v1_response({"tags": _resource(key).get("tags") or {}})


@replaces(service, "_tag_v1_resource")
def _tag(_: Any, arn: str, data: dict[str, Any]) -> Any:
    key, error = service._resolve_v1_tag_resource_arn(arn)
    return error or _set(key, {**(_resource(key).get("tags") or {}), **data.get("tags", {})})


@replaces(service, "_untag_v1_resource")
def _untag(_: Any, arn: str, keys: list[str]) -> Any:
    key, error = service._resolve_v1_tag_resource_arn(arn)
    if error:
        return error
    return _set(key, {name: value for name, value in (_resource(key).get("tags") or {}).items() if name not in keys})


def _set(arn: str, tags: dict[str, str]) -> Any:
    _resource(arn)["tags"] = tags
    service._v1_tags[arn] = dict(tags)
    return 204, {}, b""


def _resource(arn: str) -> dict[str, Any]:
    # arn:aws:apigateway:REGION::/restapis/ID[/stages/NAME], .../apikeys/ID, .../usageplans/ID, .../domainnames/NAME
    kind, id_, *rest = arn.split("::/", 1)[1].split("/")
    table = {
        "restapis": service._rest_apis,
        "apikeys": service._api_keys,
        "usageplans": service._usage_plans,
        "domainnames": service._domain_names,
    }[kind]
    found: dict[str, Any] = service._stages_v1[id_][rest[1]] if rest else table[id_]
    return found
