"""CloudWatch: alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.values import UNKNOWN, Values
from ..cloud import Aws
from ..model import given
from ..resource import REGIONAL, AwsResource, Calls
from ..tags import Tagging

_SHORT_PERIODS = (10, 30)


class MetricAlarm(AwsResource):
    """An alarm on one metric, or on an expression over metrics.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """

    type_name = "aws_cloudwatch_metric_alarm"
    label = "CloudWatch Metric Alarm"
    service = "cloudwatch"
    calls = Calls(create="put_metric_alarm", update="put_metric_alarm")
    names: ClassVar = {"arn": "AlarmArn", "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile"}
    named_by = "alarm_name"
    identity = Identity(("alarm_name",), REGIONAL)
    tagging = Tagging()
    # The embedded cloud ignores an alarm's treatment of low sample counts and anomaly detection.
    refused = ("evaluate_low_sample_count_percentiles", "threshold_metric_id")

    def validate(self, config: Values) -> Sequence[str]:
        period = config["period"]
        if period is None or period is UNKNOWN or period in _SHORT_PERIODS or period % 60 == 0:
            return ()
        allowed = " ".join(map(str, _SHORT_PERIODS))
        return (
            f"expected period to be one of [{allowed}], got {period}",
            f"expected period to be divisible by 60, got: {period}",
        )

    def create(self, aws: Aws, planned: Values) -> Values:
        queries = [_query(block) for block in planned["metric_query"] or ()]
        if not queries and not planned["statistic"] and not planned["extended_statistic"]:
            raise ValueError("One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm")
        self.call(aws, "put_metric_alarm", planned, keep=("threshold",), **given(Metrics=queries))
        return {"id": planned["alarm_name"]}

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.client(aws).describe_alarms(AlarmNames=[state["alarm_name"]], AlarmTypes=["MetricAlarm"])
        for alarm in answer["MetricAlarms"]:
            queries = [_block(query) for query in alarm.get("Metrics", ())]
            return {**self.values(aws, "MetricAlarm", alarm), "metric_query": queries}
        return None

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_alarms(AlarmNames=[state["alarm_name"]])


def _query(block: Values) -> dict[str, Any]:
    """Return AWS's structure of a `metric_query`."""
    metrics = [
        {
            "Metric": {
                **given(Namespace=metric["namespace"]),
                "MetricName": metric["metric_name"],
                "Dimensions": [{"Name": key, "Value": value} for key, value in (metric["dimensions"] or {}).items()],
            },
            "Period": int(metric["period"]),
            "Stat": metric["stat"],
            **given(Unit=metric["unit"]),
        }
        for metric in block["metric"] or ()
    ]
    named = {"AccountId": "account_id", "Expression": "expression", "Label": "label", "Period": "period"}
    return {
        "Id": block["id"],
        "ReturnData": bool(block["return_data"]),
        **given(**{member: block[name] for member, name in named.items()}),
        **given(MetricStat=next(iter(metrics), None)),
    }


def _block(query: Mapping[str, Any]) -> Values:
    """Return the `metric_query` of AWS's structure."""
    metrics = [
        {
            "namespace": stat["Metric"].get("Namespace"),
            "metric_name": stat["Metric"]["MetricName"],
            "dimensions": {one["Name"]: one["Value"] for one in stat["Metric"].get("Dimensions", ())} or None,
            "period": stat["Period"],
            "stat": stat["Stat"],
            "unit": stat.get("Unit"),
        }
        for stat in filter(None, [query.get("MetricStat")])
    ]
    return {
        "id": query["Id"],
        "account_id": query.get("AccountId"),
        "expression": query.get("Expression"),
        "label": query.get("Label"),
        "period": query.get("Period"),
        "return_data": query.get("ReturnData", True),
        "metric": metrics,
    }


TYPES = (MetricAlarm,)
