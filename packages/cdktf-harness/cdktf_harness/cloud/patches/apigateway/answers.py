"""API Gateway: answers omit blocks that were never set.

A stage without access logs is answered with `accessLogSettings: {}` (services/apigateway_v1.py 4537, 4594), a usage
plan without limits with `throttle: {}` and `quota: {}` (5078). AWS omits them. An SDK sees an existing block, and every
plan of Terraform's provider removes it. An integration without a method, such as a MOCK, is answered with POST (4366),
and every plan replaces it.

Arguments that ministack drops are kept: the canary of CreateStage (4583-4600), five of PutIntegration (4364-4382).
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

_KEPT = ("cacheNamespace", "connectionId", "integrationTarget", "responseTransferMode", "tlsConfig")
_ABSENT_WHEN_EMPTY = ("accessLogSettings", "canarySettings", "throttle", "quota")


def install() -> None:
    """Omit empty blocks from all answers; keep dropped arguments."""
    respond, create_stage, put_integration = service._v1_response, service._create_stage, service._put_integration

    def respond_without_empty(data: Any, status: int = 200) -> Any:
        if isinstance(data, dict):
            data = _without_empty(data)
            if isinstance(data.get("item"), list):
                data["item"] = [_without_empty(item) if isinstance(item, dict) else item for item in data["item"]]
        return respond(data, status)

    def create_stage_with_canary(api_id: str, data: dict[str, Any]) -> Any:
        answer = create_stage(api_id, data)
        if answer[0] == 201 and data.get("canarySettings"):
            stage = service._stages_v1[api_id][data["stageName"]]
            stage["canarySettings"] = data["canarySettings"]
            answer = service._v1_response(stage, 201)
        return answer

    def put_whole_integration(api_id: str, resource_id: str, http_method: str, data: dict[str, Any]) -> Any:
        answer = put_integration(api_id, resource_id, http_method, data)
        if answer[0] == 201:
            integration = service._resources[api_id][resource_id]["resourceMethods"][http_method]["methodIntegration"]
            integration.update({key: data[key] for key in _KEPT if data.get(key)})
            if not data.get("httpMethod"):
                del integration["httpMethod"]
            answer = service._v1_response(integration, 201)
        return answer

    service._v1_response = respond_without_empty
    service._put_integration = put_whole_integration
    service._create_stage = create_stage_with_canary


def _without_empty(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if value or key not in _ABSENT_WHEN_EMPTY}
