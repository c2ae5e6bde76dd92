"""The states of the app's alarms."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_harness.deployment.deployment import Deployment


def states(deployment: Deployment) -> dict[str, str]:
    """Return the state of each alarm: AWS's, or "MISSING"."""
    names = list(deployment.named("alarms"))
    found = dict.fromkeys(names, "MISSING")
    # DescribeAlarms takes at most 100 names.
    for start in range(0, len(names), 100):
        page = deployment.client("cloudwatch").describe_alarms(AlarmNames=names[start : start + 100])
        alarms = (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))
        found |= {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}
    return found


def firing(states: Mapping[str, str]) -> list[str]:
    """Return the names of the alarms that fire."""
    return [name for name, state in states.items() if state == "ALARM"]
