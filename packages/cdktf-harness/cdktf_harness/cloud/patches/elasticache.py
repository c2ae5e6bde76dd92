"""ElastiCache: a cluster has its security groups, and a replication group its key.

ministack always answers no groups (services/elasticache.py 1125), and no key of a replication group (1462-1548).

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import elasticache as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_cache_cluster", "_modify_cache_cluster")
def _change(original: Any, params: Any) -> Any:
    answer, cluster = original(params), service._clusters.get(service._p(params, "CacheClusterId"))
    groups = service._extract_configs(params, "SecurityGroupIds", ("SecurityGroupId", "member"))
    if answer[0] == 200 and cluster and groups:
        cluster["SecurityGroups"] = [{"SecurityGroupId": one, "Status": "active"} for one in groups]
    return answer


@replaces(service, "_create_replication_group")
def _create(original: Any, params: Any) -> Any:
    answer, id_ = original(params), service._p(params, "ReplicationGroupId")
    if answer[0] == 200:
        service._replication_groups[id_]["KmsKeyId"] = service._p(params, "KmsKeyId")
    return answer


@replaces(service, "_rg_xml")
def _xml(original: Any, group: dict[str, Any]) -> str:
    key = group.get("KmsKeyId")
    return f"{original(group)}<KmsKeyId>{key}</KmsKeyId>" if key else str(original(group))
