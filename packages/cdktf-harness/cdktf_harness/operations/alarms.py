"""The states of the app's alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdktf_harness.deployment.deployment import Deployment


def states(deployment: Deployment) -> dict[str, str]:
    """Return the state of each alarm: AWS's, or "MISSING"; for a selected function without those of other functions."""
    found = dict.fromkeys(deployment.named("alarms"), "MISSING")
    for alarm in deployed(deployment):
        functions = _functions(alarm) if deployment.selected else set()
        if functions and deployment.named("function") not in functions:
            del found[alarm["AlarmName"]]
        else:
            found[alarm["AlarmName"]] = alarm["StateValue"]
    return found


def deployed(deployment: Deployment) -> Iterator[Mapping[str, Any]]:
    """Yield the app's alarms as AWS describes them."""
    names = list(deployment.named("alarms"))
    # DescribeAlarms takes at most 100 names.
    for start in range(0, len(names), 100):
        page = deployment.client("cloudwatch").describe_alarms(AlarmNames=names[start : start + 100])
        yield from (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))


def _functions(alarm: Mapping[str, Any]) -> set[str]:
    """Return the names of the functions whose metrics the alarm watches."""
    metrics = [alarm, *(one.get("MetricStat", {}).get("Metric", {}) for one in alarm.get("Metrics", ()))]
    dimensions = (dimension for metric in metrics for dimension in metric.get("Dimensions", ()))
    return {dimension["Value"] for dimension in dimensions if dimension["Name"] == "FunctionName"}


def firing(states: Mapping[str, str]) -> list[str]:
    """Return the names of the alarms that fire."""
    return [name for name, state in states.items() if state == "ALARM"]
