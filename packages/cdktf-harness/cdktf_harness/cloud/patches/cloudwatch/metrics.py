"""CloudWatch: DescribeAlarms returns what PutMetricAlarm was given.

ministack adds `Average` to an extended statistic and to metric queries, adds a period of 60 seconds to an alarm on
queries, and drops the queries, the threshold's metric and the treatment of few samples (services/cloudwatch.py
988-1020). So every plan of Terraform has a change.

A request in CBOR, as the SDK for Go sends it, needs the package cbor2, which ministack does not require (514-521):
without it each request is read as empty. So the harness depends on cbor2.
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

_DROPPED = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile")
_MADE_UP = ("Statistic", "Period")


def install() -> None:
    """Store an alarm as it is given."""
    put = service._put_metric_alarm

    def put_as_given(params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, data, is_cbor, is_json)
        if answer[0] == 200:
            alarm = service._alarms[data["AlarmName"]]
            alarm.update({key: data[key] for key in _DROPPED if data.get(key)})
            for key in _MADE_UP:
                if key not in data:
                    alarm.pop(key)
            service._evaluate_alarm(alarm)
        return answer

    service._put_metric_alarm = put_as_given
