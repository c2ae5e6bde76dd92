"""CloudWatch Logs: saved queries of Logs Insights.

ministack does not have PutQueryDefinition, DescribeQueryDefinitions and DeleteQueryDefinition
(services/cloudwatch_logs.py 304). They are stored with the state of the service.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import keeps, replaces

_definitions = service.AccountRegionScopedDict()
keeps(service, "query_definitions", _definitions)


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
    call = _CALLS.get(headers.get("x-amz-target", "").rpartition(".")[2])
    if call is None:
        return await original(method, path, headers, body, query)
    return call(json.loads(body or "{}"))


def _put(data: dict[str, Any]) -> Any:
    id_ = data.get("queryDefinitionId") or str(uuid4())
    if data.get("queryDefinitionId") and id_ not in _definitions:
        return _not_found(id_)
    kept = {key: data[key] for key in ("name", "queryString", "logGroupNames") if data.get(key)}
    _definitions[id_] = {"queryDefinitionId": id_, "lastModified": int(1000 * time.time()), **kept}
    return service.json_response({"queryDefinitionId": id_})


def _describe(data: dict[str, Any]) -> Any:
    prefix = data.get("queryDefinitionNamePrefix", "")
    found = [one for one in _definitions.values() if one["name"].startswith(prefix)]
    return service.json_response({"queryDefinitions": sorted(found, key=lambda one: str(one["name"]))})


def _delete(data: dict[str, Any]) -> Any:
    if _definitions.pop(data.get("queryDefinitionId"), None) is None:
        return _not_found(data.get("queryDefinitionId"))
    return service.json_response({"success": True})


def _not_found(id_: object) -> Any:
    return service.error_response_json("ResourceNotFoundException", f"There is no query definition {id_}", 400)


_CALLS = {
    "PutQueryDefinition": _put,
    "DescribeQueryDefinitions": _describe,
    "DeleteQueryDefinition": _delete,
}
