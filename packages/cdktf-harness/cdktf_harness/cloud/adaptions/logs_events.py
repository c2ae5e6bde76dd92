"""CloudWatch Logs: FilterLogEvents gives each event its id.

ministack answers without `eventId` (services/cloudwatch_logs.py 1331-1380). AWS's is unique and stays the same, so a
client that polls knows the events that it has seen.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html .
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]


def install() -> None:
    """Add an id to the events of an answer."""
    events_between = service._stream_event_range

    def with_ids(events: Any, stream: str, start: int, end: int) -> Iterator[tuple[dict[str, Any], str]]:
        for index, (event, name) in enumerate(events_between(events, stream, start, end), start):
            # As long as AWS's: 56 digits.
            id_ = f"{event['timestamp']:020}{zlib.crc32(name.encode()):016}{index:020}"
            yield {**event, "eventId": id_}, name

    service._stream_event_range = with_ids
