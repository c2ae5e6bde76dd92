"""The states of the app's alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdktf_harness.deployment.deployment import Deployment


def states(deployment: Deployment) -> dict[str, str]:
    """Return the state of each alarm: AWS's, or "MISSING"."""
    names = dict.fromkeys(deployment.named("alarms"), "MISSING")
    return names | {alarm["AlarmName"]: alarm["StateValue"] for alarm in deployed(deployment)}


def deployed(deployment: Deployment) -> Iterator[Mapping[str, Any]]:
    """Yield the app's alarms as AWS describes them."""
    names = list(deployment.named("alarms"))
    # DescribeAlarms takes at most 100 names.
    for start in range(0, len(names), 100):
        page = deployment.client("cloudwatch").describe_alarms(AlarmNames=names[start : start + 100])
        yield from (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))


def firing(states: Mapping[str, str]) -> list[str]:
    """Return the names of the alarms that fire."""
    return [name for name, state in states.items() if state == "ALARM"]
