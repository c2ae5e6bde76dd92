"""Kinesis: a stream has the tags that its creation names; ministack ignores them (services/kinesis.py 433-464).

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import kinesis as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_stream")
def _create(original: Any, data: Any) -> Any:
    answer = original(data)
    if answer[0] == 200:
        service._add_tags(data)
    return answer
