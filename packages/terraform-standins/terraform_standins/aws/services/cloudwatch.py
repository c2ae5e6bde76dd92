"""CloudWatch: alarms and dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..documents import normalise_json, same_json
from ..resource import REGIONAL, UNKNOWN, Aws, AwsResource, Calls, Identity, Tagging, Values

_SHORT_PERIODS = (10, 30)
_METRIC = {"namespace": "Namespace", "metric_name": "MetricName", "dimensions": "Dimensions"}


class MetricAlarm(AwsResource):
    type_name, label, service = "aws_cloudwatch_metric_alarm", "CloudWatch Metric Alarm", "cloudwatch"
    calls = Calls("put_metric_alarm", "describe_alarms", "put_metric_alarm", "delete_alarms")
    answer = "MetricAlarms[]"
    extra = {"describe_alarms": {"AlarmTypes": ["MetricAlarm"]}}
    names = {
        "alarm_name": "AlarmName",
        "arn": "AlarmArn",
        "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
        "metric_query": "Metrics",
        "metric_query.metric": "MetricStat",
        **{f"metric_query.metric.{name}": f"Metric.{path}" for name, path in _METRIC.items()},
    }
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

    def make(self, aws: Aws, planned: Values) -> Any:
        if not (planned["metric_query"] or planned["statistic"] or planned["extended_statistic"]):
            raise ValueError("One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm")
        return self.call(aws, "put_metric_alarm", planned, keep=("threshold",))


class Dashboard(AwsResource):
    type_name, label, service = "aws_cloudwatch_dashboard", "CloudWatch Dashboard", "cloudwatch"
    calls = Calls.of("dashboard", create="put", update="put", delete="delete*")
    names = {"dashboard_name": "DashboardName"}
    named_by = "dashboard_name"
    verbs = {"creating": "putting", "updating": "putting"}
    normalise = {"dashboard_body": normalise_json}
    suppress = {"dashboard_body": same_json}
    as_written = ("dashboard_body",)
