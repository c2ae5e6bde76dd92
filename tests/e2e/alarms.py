"""Values of metrics that begin and end alarms, whatever other tests did in the last minutes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from cdktf_harness.pytest_plugin import Deployed

# More than all requests of the tests.
_MANY = 1e6
# The alarms look at each of the last five; a test takes some of those that come.
_MINUTES = range(-10, 5)


def calm(deployment: Deployed) -> None:
    """Let no alarm be on: publish so many good values that others do not count."""
    name = deployment.outputs["api"]["function_name"]
    api = {"ApiName": name, "Stage": name.rpartition("-")[2]}
    few = {"Values": [0], "Counts": [_MANY]}
    _put(deployment, "AWS/Lambda", {"FunctionName": name}, _MINUTES, Invocations=_MANY, Duration=few)
    _put(deployment, "AWS/ApiGateway", api, _MINUTES, **{"5XXError": few, "Latency": few})


def slow(deployment: Deployed, id_: str) -> list[str]:
    """Return the states of a copy of the alarm for slow requests `id_` as more and more minutes have one of them.

    The copy has another metric: values of other requests do not count.
    """
    cloudwatch = deployment.cloud.client("cloudwatch")
    (found,) = cloudwatch.describe_alarms(AlarmNames=[f"{deployment.outputs['api']['function_name']}-{id_}"])[
        "MetricAlarms"
    ]
    given = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    copy = {name: value for name, value in found.items() if name in given}
    copy |= {"AlarmName": "copy", "Namespace": f"Copy/{id_}", "AlarmActions": [], "OKActions": []}
    cloudwatch.put_metric_alarm(**copy)
    dimensions = {one["Name"]: one["Value"] for one in found["Dimensions"]}
    states = []
    for minute in (0, 0, 1, 2):
        _put(deployment, copy["Namespace"], dimensions, [minute], **{found["MetricName"]: found["Threshold"] + 1})
        (now,) = cloudwatch.describe_alarms(AlarmNames=["copy"])["MetricAlarms"]
        states.append(now["StateValue"])
    cloudwatch.delete_alarms(AlarmNames=["copy"])
    return states


def throttle(deployment: Deployed, calls: int) -> None:
    """Begin the alarm for throttles with a number of calls; end it with the negative number."""
    function = {"FunctionName": deployment.outputs["api"]["function_name"]}
    _put(deployment, "AWS/Lambda", function, Throttles=calls)


def _put(
    deployment: Deployed, namespace: str, dimensions: dict[str, str], minutes: Iterable[int] = (0,), **metrics: Any
) -> None:
    """Put values of `metrics`, the same in each of `minutes`, which are counted back from now."""
    now = time.time()
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            "Timestamp": now - 60 * minute,
            **(value if isinstance(value, dict) else {"Value": value}),
        }
        for name, value in metrics.items()
        for minute in minutes
    ]
    deployment.cloud.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)
