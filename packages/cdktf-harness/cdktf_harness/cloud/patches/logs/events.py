"""CloudWatch Logs: FilterLogEvents gives each event its id.

ministack gives an id only to what PutLogEvents brings, and not to what its services write (services/cloudwatch_logs.py
588, 637). AWS's is unique and stays the same, so a client that polls knows the events that it has seen.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]


def install() -> None:
    """Store each event with an id: its place in the stream changes when another one comes late."""
    append = service._append_log_events

    def append_with_ids(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        append(stream, [{"eventId": service.new_uuid(), **event} for event in events])

    service._append_log_events = append_with_ids
