"""Cloud Map: a service is in the namespace of its DNS configuration.

ministack takes the namespace only from the request itself (services/servicediscovery.py 393), where AWS takes either,
and an update drops it (_update_service).
https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import servicediscovery as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_service")
def _create(original: Any, data: Any) -> Any:
    namespace = (data.get("DnsConfig") or {}).get("NamespaceId")
    return original({"NamespaceId": namespace, **data} if namespace else data)


@replaces(service, "_update_service")
def _update(original: Any, data: Any) -> Any:
    answer, kept = original(data), service._services.get(data.get("Id"))
    if kept and "DnsConfig" in kept:
        kept["DnsConfig"] = {"NamespaceId": kept["NamespaceId"], **kept["DnsConfig"]}
    return answer
