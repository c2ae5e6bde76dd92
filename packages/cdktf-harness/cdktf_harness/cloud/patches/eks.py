"""EKS: clusters and node groups answer their tags of now.

ministack answers those of the creation, and keeps the others elsewhere (services/eks.py 2110-2130).
https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import eks as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_tag_resource", "_untag_resource")
def _change(original: Any, arn: str, what: Any) -> Any:
    answer = original(arn, what)
    for one in (*service._clusters.values(), *service._nodegroups.values()):
        if arn in (one.get("arn"), one.get("nodegroupArn")):
            one["tags"] = dict(service._tags.get(arn, {}))
    return answer
