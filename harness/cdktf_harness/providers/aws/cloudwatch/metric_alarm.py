"""CloudWatch: alarms and dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.values import UNKNOWN, Values
from ..cloud import Aws
from ..documents import normalise_json, same_json
from ..model import given
from ..resource import REGIONAL, AwsResource
from ..tags import Tagging, as_list, from_list

_TAGGING = Tagging()
_SHORT_PERIODS = (10, 30)


class MetricAlarm(AwsResource):
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html .

    The embedded cloud drops the queries of an alarm and how it treats few samples; those arguments are refused.
    """

    type_name = "aws_cloudwatch_metric_alarm"
    label = "CloudWatch Metric Alarm"
    identity = Identity(("alarm_name",), REGIONAL)
    service = "cloudwatch"
    tagging = _TAGGING
    arguments: ClassVar = {
        "actions_enabled",
        "alarm_actions",
        "alarm_description",
        "alarm_name",
        "comparison_operator",
        "datapoints_to_alarm",
        "dimensions",
        "evaluation_periods",
        "extended_statistic",
        "insufficient_data_actions",
        "metric_name",
        "namespace",
        "ok_actions",
        "period",
        "statistic",
        "threshold",
        "treat_missing_data",
        "unit",
    }

    def validate(self, config: Values) -> Sequence[str]:
        """A period is 10 or 30 seconds, or whole minutes."""
        period = config["period"]
        if period is None or period is UNKNOWN or period in _SHORT_PERIODS or period % 60 == 0:
            return ()
        allowed = " ".join(map(str, _SHORT_PERIODS))
        return (
            f"expected period to be one of [{allowed}], got {period}",
            f"expected period to be divisible by 60, got: {period}",
        )

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the alarm, in the place of one of that name."""
        self._put(aws, planned, Tags=as_list(planned["tags_all"]))
        return {"id": planned["alarm_name"]}

    def _put(self, aws: Aws, planned: Values, **more: Any) -> None:
        if not planned["statistic"] and not planned["extended_statistic"]:
            raise ValueError("One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm")
        request = given(
            AlarmActions=planned["alarm_actions"],
            AlarmDescription=planned["alarm_description"],
            DatapointsToAlarm=planned["datapoints_to_alarm"],
            Dimensions=[{"Name": name, "Value": value} for name, value in (planned["dimensions"] or {}).items()],
            ExtendedStatistic=planned["extended_statistic"],
            InsufficientDataActions=planned["insufficient_data_actions"],
            MetricName=planned["metric_name"],
            Namespace=planned["namespace"],
            OKActions=planned["ok_actions"],
            Period=planned["period"],
            Statistic=planned["statistic"],
            Unit=planned["unit"],
            **more,
        )
        self.client(aws).put_metric_alarm(
            AlarmName=planned["alarm_name"],
            ActionsEnabled=planned["actions_enabled"],
            ComparisonOperator=planned["comparison_operator"],
            EvaluationPeriods=planned["evaluation_periods"],
            Threshold=planned["threshold"] or 0,
            TreatMissingData=planned["treat_missing_data"],
            **request,
        )

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Find the alarm by its name."""
        client = self.client(aws)
        alarms = client.describe_alarms(AlarmNames=[state["id"]], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
        if not alarms:
            return None
        (alarm,) = alarms
        return {
            "arn": alarm["AlarmArn"],
            "actions_enabled": alarm.get("ActionsEnabled"),
            "alarm_actions": alarm.get("AlarmActions"),
            "alarm_description": alarm.get("AlarmDescription"),
            "alarm_name": alarm["AlarmName"],
            "comparison_operator": alarm.get("ComparisonOperator"),
            "datapoints_to_alarm": alarm.get("DatapointsToAlarm"),
            "dimensions": {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])},
            "evaluate_low_sample_count_percentiles": alarm.get("EvaluateLowSampleCountPercentile"),
            "evaluation_periods": alarm.get("EvaluationPeriods"),
            "extended_statistic": alarm.get("ExtendedStatistic"),
            "insufficient_data_actions": alarm.get("InsufficientDataActions"),
            "metric_name": alarm.get("MetricName"),
            "namespace": alarm.get("Namespace"),
            "ok_actions": alarm.get("OKActions"),
            "period": alarm.get("Period"),
            "statistic": alarm.get("Statistic"),
            "threshold": alarm.get("Threshold"),
            "threshold_metric_id": alarm.get("ThresholdMetricId"),
            "treat_missing_data": alarm.get("TreatMissingData"),
            "unit": alarm.get("Unit"),
            "tags": from_list(client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again: what is left out goes."""
        self._put(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the alarm; that it is not there is no error."""
        self.client(aws).delete_alarms(AlarmNames=[state["id"]])

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """By name also before there is an id."""
        return super().explain(error, doing, {"name": values.get("alarm_name")})


class Dashboard(AwsResource):
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html ."""

    type_name = "aws_cloudwatch_dashboard"
    label = "CloudWatch Dashboard"
    service = "cloudwatch"
    # The second is what the model of CloudWatch calls it.
    gone = ("DashboardNotFoundError", "ResourceNotFound")
    arguments: ClassVar = {"dashboard_name", "dashboard_body"}
    normalise: ClassVar = {"dashboard_body": normalise_json}
    suppress: ClassVar = {"dashboard_body": same_json}
    as_written: ClassVar = {"dashboard_body"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the dashboard, in the place of one of that name."""
        self.client(aws).put_dashboard(DashboardName=planned["dashboard_name"], DashboardBody=planned["dashboard_body"])
        return {"id": planned["dashboard_name"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the dashboard."""
        answer = self.client(aws).get_dashboard(DashboardName=state["id"])
        return {
            "dashboard_arn": answer["DashboardArn"],
            "dashboard_body": answer["DashboardBody"],
            "dashboard_name": answer["DashboardName"],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the dashboard."""
        self.client(aws).delete_dashboards(DashboardNames=[state["id"]])

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """By name also before there is an id; `putting`, as the provider says it."""
        verb = {"creating": "putting", "updating": "putting"}.get(doing, doing)
        return super().explain(error, verb, {"name": values.get("dashboard_name")})


TYPES = (MetricAlarm, Dashboard)
