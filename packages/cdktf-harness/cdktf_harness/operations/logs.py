"""The log events of the functions."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError

_POLL_SECONDS = 1.0
# CloudWatch ingests events late and out of order: ask again for what is older than the last event.
_LATE_MS = 30_000
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class LogEvent:
    """One event of a log group."""

    milliseconds: int
    stream: str
    message: str
    function: str = ""

    @property
    def time(self) -> datetime:
        """The event's time."""
        return datetime.fromtimestamp(self.milliseconds / 1000, UTC)

    def document(self) -> dict[str, Any]:
        """Return the event as JSON."""
        time = self.time.isoformat(timespec="milliseconds")
        of = {"function": self.function} if self.function else {}
        return {"time": time, **of, "stream": self.stream, "message": self.message}


def events(
    deployment: Deployment,
    *,
    since: str,
    pattern: str = "",
    request_id: str = "",
    follow: bool = False,
    function: str = "",
) -> Iterator[LogEvent]:
    """Yield the events of the last `since` ("10m"), oldest first, with `follow` for ever. Raises HarnessError.

    `pattern` is CloudWatch's own (CloudWatch Logs, "Filter pattern syntax").
    """
    if request_id and pattern:
        raise HarnessError("use either --filter or --request-id: CloudWatch takes one pattern")
    start = max(0, round(1000 * (time.time() - seconds(since))))
    groups = {_group(one): one.selected for one in deployment.functions(function)}
    client, seen = deployment.client("logs"), dict[str, int]()
    pages = client.get_paginator("filter_log_events")
    options = {"filterPattern": pattern or f'"{request_id}"'} if pattern or request_id else {}
    while True:
        # By id: a new event moves others to the next page.
        found: dict[str, LogEvent] = {}
        for group, name in groups.items():
            try:
                for page in pages.paginate(logGroupName=group, startTime=start, **options):
                    for event in page["events"]:
                        if event["eventId"] not in seen:
                            text = event["message"].rstrip()
                            found[event["eventId"]] = LogEvent(event["timestamp"], event["logStreamName"], text, name)
            except client.exceptions.ResourceNotFoundException:
                raise HarnessError(f"there is no log group {group}: call the function first") from None
        yield from sorted(found.values(), key=lambda event: event.milliseconds)
        if not follow:
            return
        seen |= {id_: event.milliseconds for id_, event in found.items()}
        start = max(start, max(seen.values(), default=start) - _LATE_MS)
        seen = {id_: milliseconds for id_, milliseconds in seen.items() if milliseconds >= start}
        time.sleep(_POLL_SECONDS)


def seconds(span: str) -> int:
    """Return the seconds in a time span such as "90s", "10m", "2h" or "1d". Raises HarnessError."""
    match = re.fullmatch(r"(\d+)([smhd])", span)
    if not match:
        raise HarnessError(f"{span!r} is not a time span: write it like 90s, 10m, 2h or 1d")
    return int(match[1]) * _SECONDS[match[2]]


def _group(deployment: Deployment) -> str:
    function = str(deployment.named("function"))
    found = deployment.client("lambda").get_function_configuration(FunctionName=function)
    return str(found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}")
