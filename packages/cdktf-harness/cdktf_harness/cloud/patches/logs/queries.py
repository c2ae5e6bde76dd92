"""CloudWatch Logs: saved queries of Logs Insights.

ministack does not have PutQueryDefinition, DescribeQueryDefinitions and DeleteQueryDefinition
(services/cloudwatch_logs.py 304). They are stored with the state of the service.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from __future__ import annotations

import copy
import json
import time
from typing import Any
from uuid import uuid4

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

_STATE = "query_definitions"
_definitions = service.AccountRegionScopedDict()


def install() -> None:
    """Add the three calls, and their definitions to the state."""
    handle, get_state, load, reset = (
        service.handle_request,
        service.get_state,
        service.load_persisted_state,
        service.reset,
    )

    async def handle_more(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        call = _CALLS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if call is None:
            return await handle(method, path, headers, body, query)
        return call(json.loads(body or "{}"))

    def state_with_definitions() -> dict[str, Any]:
        return {**get_state(), _STATE: copy.deepcopy(_definitions)}

    def load_with_definitions(data: Any) -> Any:
        _definitions.update((data or {}).get(_STATE, {}))
        return load(data)

    def reset_with_definitions() -> None:
        _definitions.clear()
        reset()

    service.handle_request = handle_more
    service.get_state = state_with_definitions
    service.load_persisted_state = load_with_definitions
    service.reset = reset_with_definitions


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
