"""API Gateway: all calls use the same tags of a resource.

ministack's calls for tags change tables that the calls for a resource do not read (services/apigateway_v1.py 5299-5325,
services/apigateway.py 2374-2392), and CreateStage, CreateApiKey and CreateUsagePlan do not write them (4598, 5028,
5080). Here the table gets a resource's tags before such a call, and the resource those of the table after it.
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway as http  # type: ignore[import-untyped]
from ministack.services import apigateway_v1 as rest

from cdktf_harness.cloud.replacing import replaces


@replaces(rest, "_get_v1_tags", "_tag_v1_resource", "_untag_v1_resource")
def _of_rest(original: Any, arn: str, *given: Any) -> Any:
    key, error = rest._resolve_v1_tag_resource_arn(arn)
    kinds = {"restapis": rest._rest_apis, "apikeys": rest._api_keys, "usageplans": rest._usage_plans}
    return error or _with_tags(rest._v1_tags, key, kinds, rest._stages_v1, lambda: original(arn, *given))


@replaces(http, "_get_tags", "_tag_resource", "_untag_resource")
def _of_http(original: Any, arn: str, *given: Any) -> Any:
    key, error = http._validate_tag_resource_arn(arn)
    return error or _with_tags(
        http._tag_store(key), key, {"apis": http._apis}, http._stages, lambda: original(arn, *given)
    )


def _with_tags(tags: Any, arn: str, kinds: dict[str, Any], stages: Any, call: Any) -> Any:
    # arn:aws:apigateway:REGION::/restapis/ID[/stages/NAME], .../apikeys/ID, .../usageplans/ID, .../domainnames/NAME
    _, kind, id_, *stage = arn.split("::")[-1].split("/")
    resource = stages[id_][stage[1]] if stage else {"domainnames": rest._domain_names, **kinds}[kind][id_]
    # Only of a domain, ministack reads the table, too.
    tags[arn] = dict(resource.get("tags") or (kind == "domainnames" and tags.get(arn)) or {})
    answer = call()
    resource["tags"] = dict(tags[arn])
    return answer
