"""CloudWatch Logs: FilterLogEvents returns the id of each event.

ministack gives an id to the events of PutLogEvents, but not to those of its services (services/cloudwatch_logs.py 588,
637). AWS's ids are unique and never change, so a client that polls recognises known events.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.replacing import replaces


# The position in the stream is no id: it changes when another event arrives late.
@replaces(service, "_append_log_events")
def _append(original: Any, stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
    original(stream, [{"eventId": service.new_uuid(), **event} for event in events])
