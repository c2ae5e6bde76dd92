"""CloudTrail: a trail has the tags that its creation names; ministack ignores them (services/cloudtrail.py 446-492).

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudtrail as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service._DISPATCH, "CreateTrail")
def _create(original: Any, body: Any) -> Any:
    answer = original(body)
    if answer[0] == 200:
        service._add_tags({**body, "ResourceId": service._trail_arn(body["Name"].strip())})
    return answer
