"""Values of metrics that begin and end alarms, whatever other tests did in the last minutes."""

from __future__ import annotations

from typing import Any

from cdktf_harness.pytest_plugin import Deployed

# More than all requests of the tests.
_MANY = 1e6


def calm(deployment: Deployed) -> None:
    """Let no alarm be on: publish so many good values that others do not count."""
    name = deployment.outputs["api"]["function_name"]
    api = {"ApiName": name, "Stage": name.rpartition("-")[2]}
    _put(
        deployment, "AWS/Lambda", {"FunctionName": name}, Invocations=_MANY, Duration={"Values": [1], "Counts": [_MANY]}
    )
    few = {"Values": [0], "Counts": [_MANY]}
    _put(deployment, "AWS/ApiGateway", api, **{"5XXError": few, "Latency": few})


def throttle(deployment: Deployed, calls: int) -> None:
    """Begin the alarm for throttles with a number of calls; end it with the negative number."""
    function = {"FunctionName": deployment.outputs["api"]["function_name"]}
    _put(deployment, "AWS/Lambda", function, Throttles=calls)


def _put(deployment: Deployed, namespace: str, dimensions: dict[str, str], **metrics: Any) -> None:
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            **(value if isinstance(value, dict) else {"Value": value}),
        }
        for name, value in metrics.items()
    ]
    deployment.cloud.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)
