"""The states of the app's alarms."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_harness.deployment.deployment import Deployment

# DescribeAlarms takes at most so many names.
_MOST = 100


def states(deployment: Deployment) -> dict[str, str]:
    """The state of each alarm: AWS's, or "MISSING"."""
    found: dict[str, str] = {}
    names = list(deployment.named("alarms"))
    for start in range(0, len(names), _MOST):
        page = deployment.client("cloudwatch").describe_alarms(AlarmNames=names[start : start + _MOST])
        alarms = (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))
        found |= {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}
    return found | {name: "MISSING" for name in names if name not in found}


def on(states: Mapping[str, str]) -> list[str]:
    """The names of the alarms that are on."""
    return [name for name, state in states.items() if state == "ALARM"]
