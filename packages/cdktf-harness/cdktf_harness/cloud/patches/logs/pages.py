"""CloudWatch Logs: FilterLogEvents returns all events, page by page.

ministack returns the first 10,000 events and no token for more (services/cloudwatch_logs.py 1338-1380), so later events
of a function are never visible.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

# AWS's maximum and default.
_PAGE = 10_000
_TOKEN = re.compile(r"[0-9]{1,18}")


@replaces(service, "_filter_log_events")
def _page(original: Any, data: dict[str, Any]) -> Any:
    # A token is the number of events on the pages before.
    given, limit = data.get("nextToken", "0"), min(data.get("limit", _PAGE), _PAGE)
    if not _TOKEN.fullmatch(given):
        return service.error_response_json("InvalidParameterException", "The specified nextToken is invalid.", 400)
    # With its errors, and without its search.
    answer = original({**data, "limit": 0})
    if answer[0] != 200:
        return answer
    begin = int(given)
    found = list(islice(_matching(data), begin, begin + limit + 1))
    more = {"nextToken": str(begin + limit)} if len(found) > limit else {}
    return service.json_response({"events": found[:limit], "searchedLogStreams": [], **more})


def _matching(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the events that the call selects, oldest first."""
    streams = service._log_groups[service._resolve_log_group_name(data)]["streams"]
    matches = service._compile_filter_pattern(data.get("filterPattern", ""))
    first, last = data.get("startTime", 0), data.get("endTime", float("inf"))
    with service._log_events_lock:
        events = [
            {**event, "logStreamName": name}
            for name in data.get("logStreamNames") or streams
            for event in (streams[name]["events"] if name in streams else ())
            if first <= event["timestamp"] <= last
        ]
    events.sort(key=lambda event: (event["timestamp"], event.get("ingestionTime", 0)))
    return (event for event in events if matches(event.get("message", "")))
