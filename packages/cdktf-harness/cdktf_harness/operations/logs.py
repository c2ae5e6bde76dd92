"""The function's log events."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError

POLL_SECONDS = 1.0
# CloudWatch takes in events late and out of order: ask again for what came before the last one that was seen.
_LATE_MS = 30_000
_SPAN = re.compile(r"(\d+)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Event:
    """One event of a log group."""

    id: str
    milliseconds: int
    stream: str
    message: str

    @property
    def time(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(self.milliseconds / 1000, UTC)

    def document(self) -> dict[str, Any]:
        """The event as JSON."""
        time = self.time.isoformat(timespec="milliseconds")
        return {"time": time, "stream": self.stream, "message": self.message}


def events(
    deployment: Deployment, *, since: str, pattern: str = "", request_id: str = "", follow: bool = False
) -> Iterator[Event]:
    """Yield the events of the last `since` ("10m"), oldest first, with `follow` for ever. Raises HarnessError.

    `pattern` is CloudWatch's own (CloudWatch Logs, "Filter pattern syntax").
    """
    if request_id and pattern:
        raise HarnessError("--filter and --request-id: give one of them, CloudWatch takes one pattern")
    start = max(0, round(1000 * (time.time() - seconds(since))))
    group, client, seen = _group(deployment), deployment.client("logs"), dict[str, int]()
    pages = client.get_paginator("filter_log_events")
    while True:
        options = {"filterPattern": pattern or f'"{request_id}"'} if pattern or request_id else {}
        found: dict[str, Event] = {}
        try:
            for page in pages.paginate(logGroupName=group, startTime=start, **options):
                for event in page["events"]:
                    # By id: what is written meanwhile moves others to the next page.
                    id_ = event["eventId"]
                    if id_ not in seen:
                        found[id_] = Event(id_, event["timestamp"], event["logStreamName"], event["message"].rstrip())
        except client.exceptions.ResourceNotFoundException:
            raise HarnessError(f"there is no log group {group}: the function has not run yet") from None
        yield from sorted(found.values(), key=lambda event: event.milliseconds)
        if not follow:
            return
        seen |= {event.id: event.milliseconds for event in found.values()}
        start = max(start, max(seen.values(), default=start) - _LATE_MS)
        seen = {id_: milliseconds for id_, milliseconds in seen.items() if milliseconds >= start}
        time.sleep(POLL_SECONDS)


def seconds(span: str) -> int:
    """The seconds in a span such as "90s", "10m", "2h" or "1d". Raises HarnessError."""
    match = _SPAN.fullmatch(span.strip())
    if not match:
        raise HarnessError(f"{span!r} is no span of time; write it like 90s, 10m, 2h or 1d")
    return int(match[1]) * _SECONDS[match[2]]


def _group(deployment: Deployment) -> str:
    function = str(deployment.named("function"))
    found = deployment.client("lambda").get_function_configuration(FunctionName=function)
    return str(found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}")
