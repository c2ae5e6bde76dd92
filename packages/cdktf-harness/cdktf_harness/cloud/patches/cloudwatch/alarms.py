"""CloudWatch: an alarm is evaluated over its own metric, with its dimensions, period by period, and over expressions.

ministack ignores dimensions, metric queries and DatapointsToAlarm, merges all periods into one (services/cloudwatch.py
297-346), evaluates alarms only after PutMetricData (644), and keeps the state of an alarm without values. With this
patch, DescribeAlarms evaluates them, too. As in ministack, the last period ends now. Expressions are numbers, ids,
+ - * / and parentheses; an alarm on any other keeps its state.

DescribeAlarms returns the arguments of PutMetricAlarm. ministack adds `Average` to an extended statistic and to metric
queries, adds a period of 60 seconds to an alarm on queries, and drops the queries, the threshold's metric and the
treatment of few samples (988-1020). So every plan of Terraform has a change.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_VISIBLE = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
_DROPPED = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile")
_MADE_UP = ("Statistic", "Period")
_WITHOUT_VALUES = {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA"}


@replaces(service, "_put_metric_alarm")
def _put(original: Any, params: Any, data: dict[str, Any], *protocol: bool, **more: bool) -> Any:
    answer = original(params, data, *protocol, **more)
    if answer[0] == 200:
        alarm = service._alarms[data["AlarmName"]]
        alarm.update({key: data[key] for key in _DROPPED if data.get(key)})
        for key in _MADE_UP:
            if key not in data:
                alarm.pop(key)
        service._evaluate_alarm(alarm)
    return answer


@replaces(service, "_describe_alarms")
def _describe(original: Any, *arguments: Any, **options: Any) -> Any:
    service._evaluate_all_alarms()
    return original(*arguments, **options)


@replaces(service, "_evaluate_alarm")
def _evaluate(_: Any, alarm: dict[str, Any]) -> None:
    """Set the state of an alarm from its values, and run the actions of a new state."""
    compared = _COMPARED.get(alarm.get("ComparisonOperator", ""))
    # ministack evaluates an alarm before it has its queries.
    if compared is None or not (alarm.get("Metrics") or alarm.get("MetricName")):
        return
    try:
        values = _values(alarm)
    except (SyntaxError, KeyError):
        return
    treated = alarm.get("TreatMissingData") or "missing"
    known = [value for value in values if value is not None]
    bad = [value for value in known if compared(value, alarm["Threshold"])]
    if known:
        count = len(bad) + (len(values) - len(known) if treated == "breaching" else 0)
        state = "ALARM" if count >= (alarm.get("DatapointsToAlarm") or len(values)) else "OK"
        told = ", ".join(f"{value:g}" for value in (bad if state == "ALARM" and bad else known))
        reason = f"Threshold Crossed: {told} {alarm['ComparisonOperator']} {alarm['Threshold']:g}"
    else:
        state, reason = _WITHOUT_VALUES.get(treated, alarm["StateValue"]), "no values"
    before = alarm["StateValue"]
    if state != before:
        alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        service._record_history(alarm["AlarmName"], before, state, reason)
        service._dispatch_alarm_actions(alarm, before, state, reason)
        service._evaluate_parent_alarms(alarm)


def _values(alarm: dict[str, Any]) -> list[float | None]:
    """Return the value of each evaluated period, the last period first; None where it has none."""
    periods = alarm.get("EvaluationPeriods", 1)
    queries = {query["Id"]: query for query in alarm.get("Metrics") or ()}
    if not queries:
        stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
        return _metric(alarm, alarm.get("Period", 60), stat, periods)

    @cache
    def of(id_: str) -> list[float | None]:
        query = queries[id_]
        if expression := query.get("Expression"):
            return [calculate(expression, at(period)) for period in range(periods)]
        found = query["MetricStat"]
        return _metric(found["Metric"], found["Period"], found["Stat"], periods)

    def at(period: int) -> Callable[[str], float | None]:
        return lambda id_: of(id_)[period]

    returned = [id_ for id_, query in queries.items() if query.get("ReturnData", True)]
    return of(returned[0]) if len(returned) == 1 else [None] * periods


def _metric(metric: Mapping[str, Any], seconds: float, stat: str, periods: int) -> list[float | None]:
    given = metric.get("Dimensions") or []
    dimensions = given if isinstance(given, dict) else {one["Name"]: one["Value"] for one in given}
    key, now = (metric.get("Namespace"), metric.get("MetricName")), time.time()
    if key == _VISIBLE:
        return [_visible(dimensions.get("QueueName", "")), *[None] * (periods - 1)]
    points: list[list[Any]] = [[] for _ in range(periods)]
    for (*found, _), values in service._metrics.items():
        for point in values if tuple(found) == key else ():
            # Those of the future are of the last period.
            period = max(0, int((now - point["Timestamp"]) // seconds))
            if period < periods and point["Dimensions"] == dimensions:
                points[period].append(point)
    return [_statistic(each, stat) if each else None for each in points]


def _visible(queue: str) -> float | None:
    """Return how many messages of a queue can be received: ministack records no metrics of SQS."""
    from ministack.services import sqs

    now = time.time()
    for url, found in sqs._queues.items():
        if url.endswith(f"/{queue}"):
            return float(sum(message["visible_at"] <= now for message in found["messages"]))
    return None


def _statistic(points: list[Any], stat: str) -> float | None:
    value = service._stat_value(service._calc_stats(points), stat, points)
    return None if value is None else float(value)


def calculate(expression: str, value: Callable[[str], float | None]) -> float | None:
    """Calculate an expression; None if one of its values is missing, or for a division by zero."""

    def of(node: ast.expr) -> float | None:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return value(name)
            case ast.BinOp(left=left, op=op, right=right):
                first, second = of(left), of(right)
                if first is None or second is None or (isinstance(op, ast.Div) and second == 0):
                    return None
                return _OPERATORS[type(op)](first, second)
        raise SyntaxError(f"{ast.unparse(node)} in {expression}")

    return of(ast.parse(expression, mode="eval").body)
