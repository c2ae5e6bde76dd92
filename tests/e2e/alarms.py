"""Values of metrics that begin and end alarms, whatever other tests did in the last minutes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cdktf_harness.pytest_plugin import Deployed

# More than all requests of the tests.
_MANY = 1e6
# The alarms look at each of the last five; a test takes some of those that come.
_MINUTES = range(-10, 5)


@contextmanager
def calm(deployment: Deployed) -> Iterator[None]:
    """Let no alarm be on during the block: publish so many good values that others do not count."""
    name, now = deployment.outputs["api"]["function_name"], time.time()
    function, api = {"FunctionName": name}, {"ApiName": name, "Stage": name.rpartition("-")[2]}
    minutes = [now - 60 * minute for minute in _MINUTES]
    few = {"Values": [0], "Counts": [_MANY]}
    _put(deployment, "AWS/Lambda", function, minutes, Invocations=_MANY, Duration=few)
    _put(deployment, "AWS/ApiGateway", api, minutes, **{"5XXError": few, "Latency": few})
    yield
    # Otherwise no test could raise the alarm for errors in the next minutes.
    _put(deployment, "AWS/Lambda", function, minutes, Invocations=-_MANY)


def throttle(deployment: Deployed, calls: int) -> None:
    """Begin the alarm for throttles with a number of calls; end it with the negative number."""
    function = {"FunctionName": deployment.outputs["api"]["function_name"]}
    _put(deployment, "AWS/Lambda", function, [time.time()], Throttles=calls)


def _put(
    deployment: Deployed, namespace: str, dimensions: dict[str, str], times: Iterable[float], **metrics: Any
) -> None:
    """Put values of `metrics`, the same at each of `times`, in seconds since the epoch."""
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            "Timestamp": at,
            **(value if isinstance(value, dict) else {"Value": value}),
        }
        for name, value in metrics.items()
        for at in times
    ]
    deployment.cloud.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)
