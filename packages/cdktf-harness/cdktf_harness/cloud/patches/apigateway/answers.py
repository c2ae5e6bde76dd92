"""API Gateway: answers omit blocks that were never set, and have all arguments; an empty key is generated.

A stage without access logs is answered with `accessLogSettings: {}` (services/apigateway_v1.py 4537, 4594), a usage
plan without limits with `throttle: {}` and `quota: {}` (5078). AWS omits them. An SDK sees an existing block, and every
plan of Terraform's provider removes it. ministack answers POST for an integration without a method, such as a MOCK
(4366), and every plan replaces it.

It also drops arguments: the canary of CreateStage (4583-4600), five of PutIntegration (4364-4382). It refuses an API
key with an empty value as too short (5010-5015), where AWS treats "" as no value; Terraform's provider always sends
one.
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_KEPT = ("cacheNamespace", "connectionId", "integrationTarget", "responseTransferMode", "tlsConfig")
_ABSENT_WHEN_EMPTY = ("accessLogSettings", "canarySettings", "throttle", "quota")


@replaces(service, "_v1_response")
def _respond(original: Any, data: Any, status: int = 200) -> Any:
    if isinstance(data, dict):
        data = _without_empty(data)
        if isinstance(data.get("item"), list):
            data["item"] = [_without_empty(item) if isinstance(item, dict) else item for item in data["item"]]
    return original(data, status)


@replaces(service, "_create_stage")
def _create_stage(original: Any, api_id: str, data: dict[str, Any]) -> Any:
    answer = original(api_id, data)
    if answer[0] == 201 and data.get("canarySettings"):
        stage = service._stages_v1[api_id][data["stageName"]]
        stage["canarySettings"] = data["canarySettings"]
        answer = service._v1_response(stage, 201)
    return answer


@replaces(service, "_put_integration")
def _put_integration(original: Any, api_id: str, resource_id: str, http_method: str, data: dict[str, Any]) -> Any:
    answer = original(api_id, resource_id, http_method, data)
    if answer[0] == 201:
        integration = service._resources[api_id][resource_id]["resourceMethods"][http_method]["methodIntegration"]
        integration.update({key: data[key] for key in _KEPT if data.get(key)})
        if not data.get("httpMethod"):
            del integration["httpMethod"]
        answer = service._v1_response(integration, 201)
    return answer


@replaces(service, "_create_api_key")
def _create_key(original: Any, data: dict[str, Any]) -> Any:
    return original({key: value for key, value in data.items() if key != "value" or value != ""})


def _without_empty(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if value or key not in _ABSENT_WHEN_EMPTY}
