"""CloudWatch: an alarm is described as it was put.

In the protocols JSON and CBOR, ministack puts `Average` beside an extended statistic and beside metric queries, gives a
period of 60 seconds to an alarm on queries, and drops the queries, the threshold's metric and how few samples are
treated (services/cloudwatch.py 988-1020); nothing sets that. Terraform then plans a change for ever.

A request in CBOR, as the SDK for Go sends it, needs the package cbor2, which ministack does not ask for (514-521):
without it each request is read as an empty one. So the harness depends on cbor2.
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

_DROPPED = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile")
_MADE_UP = ("Statistic", "Period")


def install() -> None:
    """Keep what was put, and that only."""
    put = service._put_metric_alarm

    def put_as_given(params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, data, is_cbor, is_json)
        if answer[0] == 200 and (is_cbor or is_json):
            alarm = service._alarms[data["AlarmName"]]
            alarm.update({key: data[key] for key in _DROPPED if data.get(key)})
            for key in _MADE_UP:
                if key not in data:
                    alarm.pop(key)
        return answer

    service._put_metric_alarm = put_as_given
