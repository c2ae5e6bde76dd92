"""API Gateway v2: GetApi and GetStage answer with the tags that TagResource and UntagResource changed.

ministack changes a table that those do not read (services/apigateway.py 2374-2392).
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_tag_resource", "_untag_resource")
def _change(change: Any, arn: str, given: Any) -> Any:
    answer = change(arn, given)
    _, kind, api, *rest = arn.split("::")[-1].split("/")
    if answer[0] < 300 and kind == "apis":
        changed = service._stages[api][rest[1]] if rest else service._apis[api]
        canonical, _ = service._validate_tag_resource_arn(arn)
        changed["tags"] = dict(service._api_tags.get(canonical, {}))
    return answer
