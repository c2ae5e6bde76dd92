"""ElastiCache: a cluster has its security groups; ministack always answers none (services/elasticache.py 1125).

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
