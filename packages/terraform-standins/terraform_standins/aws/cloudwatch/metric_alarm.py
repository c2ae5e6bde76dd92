"""CloudWatch: alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import UNKNOWN, Values
from ..cloud import Aws
from ..resource import REGIONAL, AwsResource, Calls
from ..tags import Tagging

_SHORT_PERIODS = (10, 30)


class MetricAlarm(AwsResource):
    """An alarm on one metric.

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
    # The embedded cloud ignores an alarm's metric queries and its treatment of low sample counts.
    refused = ("evaluate_low_sample_count_percentiles", "metric_query", "threshold_metric_id")

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
        if not planned["statistic"] and not planned["extended_statistic"]:
            raise ValueError("One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm")
        self.call(aws, "put_metric_alarm", planned, keep=("threshold",))
        return {"id": planned["alarm_name"]}

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.client(aws).describe_alarms(AlarmNames=[state["alarm_name"]], AlarmTypes=["MetricAlarm"])
        return next((self.values(aws, "MetricAlarm", alarm) for alarm in answer["MetricAlarms"]), None)

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_alarms(AlarmNames=[state["alarm_name"]])


TYPES = (MetricAlarm,)
