"""Alarms on functions and on their API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.metrics import Metric, of_api, of_function, prefix

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api

PERIOD_S = 300
# Of few requests, a percentile is the slowest one, such as a cold start. So it must be too high in several minutes, as
# in AWS's recommended alarms. EvaluateLowSampleCountPercentile=ignore does not help: where there are fewer than 1,000
# requests (for p99), it keeps the alarm's state, so little traffic would neither begin nor end an alarm.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
OF_PERCENTILES = {"period": 60, "evaluation_periods": 5, "datapoints_to_alarm": 3}
SLOW_FOR = "in {datapoints_to_alarm} of {evaluation_periods} minutes".format_map(OF_PERCENTILES)
# Of the requests, in percent.
ERRORS = 1.0
# Of the function's time-out.
SLOW = 0.8


class Alarms(Construct):
    """Alarms that tell a topic when they begin and when they end. Periods without requests are good ones."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        functions: Sequence[Function],
        api: Api,
        latency_ms: int,
        topic: str,
        runbook: str,
    ) -> None:
        super().__init__(scope, id_)
        self._name, self._topic = api.name, topic
        self._advice = f" What to do: {runbook}." if runbook else ""
        self.resources = [
            *(alarm for function in functions for alarm in self._of(function, prefix(function, api))),
            # The average of a metric that is 1 or 0 for each request.
            self._alarm(
                "api-errors",
                f"The API answers over {ERRORS:g} % of the requests with 5xx.",
                of_api(api, "5XXError", "Average"),
                ERRORS / 100,
            ),
            self._alarm(
                "api-latency",
                f"1 % of the requests take over {latency_ms} ms, {SLOW_FOR}.",
                of_api(api, "Latency", "p99"),
                latency_ms,
            ),
        ]

    def _of(self, function: Function, prefix: str) -> Iterator[CloudwatchMetricAlarm]:
        yield self._rate(f"{prefix}errors", f"The function fails for over {ERRORS:g} % of its calls.", function)
        throttles = of_function(function, "Throttles", "Sum")
        yield self._alarm(f"{prefix}throttles", "Lambda refuses calls of the function.", throttles, 0)
        yield self._alarm(
            f"{prefix}duration",
            f"1 % of the calls take over {SLOW:.0%} of the function's time-out, {SLOW_FOR}.",
            of_function(function, "Duration", "p99"),
            round(1000 * function.timeout_s * SLOW),
        )

    def _rate(self, id_: str, means: str, function: Function) -> CloudwatchMetricAlarm:
        counted = {
            "errors": of_function(function, "Errors", "Sum"),
            "calls": of_function(function, "Invocations", "Sum"),
        }
        rate = CloudwatchMetricAlarmMetricQuery(
            id="rate", expression="100 * errors / calls", label="Errors, %", return_data=True
        )
        return self._put(id_, means, ERRORS, metric_query=[rate, *_queries(counted)])

    def _alarm(self, id_: str, means: str, metric: Metric, threshold: float) -> CloudwatchMetricAlarm:
        if metric.statistic.startswith("p"):
            evaluated = {"extended_statistic": metric.statistic, **OF_PERCENTILES}
        else:
            evaluated = {"statistic": metric.statistic, "period": PERIOD_S}
        return self._put(
            id_,
            means,
            threshold,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            **evaluated,
        )

    def _put(self, id_: str, means: str, threshold: float, **what: Any) -> CloudwatchMetricAlarm:
        return CloudwatchMetricAlarm(
            self,
            id_,
            alarm_name=f"{self._name}-{id_}",
            alarm_description=f"{means}{self._advice}",
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic],
            ok_actions=[self._topic],
            **{"evaluation_periods": 1, **what},
        )


def _queries(metrics: dict[str, Metric]) -> Iterator[CloudwatchMetricAlarmMetricQuery]:
    for id_, metric in metrics.items():
        yield CloudwatchMetricAlarmMetricQuery(
            id=id_,
            metric=CloudwatchMetricAlarmMetricQueryMetric(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=metric.dimensions,
                period=PERIOD_S,
                stat=metric.statistic,
            ),
        )
