"""CloudWatch: DescribeAlarms returns the arguments of PutMetricAlarm.

ministack adds `Average` to an extended statistic and to metric queries, adds a period of 60 seconds to an alarm on
queries, and drops the queries, the threshold's metric and the treatment of few samples (services/cloudwatch.py
988-1020). So every plan of Terraform has a change.

Requests in CBOR, such as those of the SDK for Go, need the package cbor2, which ministack does not require (514-521):
it reads them as empty. So the harness depends on cbor2.
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_DROPPED = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile")
_MADE_UP = ("Statistic", "Period")


@replaces(service, "_put_metric_alarm")
def _put(original: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
    answer = original(params, data, is_cbor, is_json)
    if answer[0] == 200:
        alarm = service._alarms[data["AlarmName"]]
        alarm.update({key: data[key] for key in _DROPPED if data.get(key)})
        for key in _MADE_UP:
            if key not in data:
                alarm.pop(key)
        service._evaluate_alarm(alarm)
    return answer
