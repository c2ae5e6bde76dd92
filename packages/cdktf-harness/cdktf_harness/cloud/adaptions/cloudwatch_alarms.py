"""CloudWatch: an alarm is evaluated over its own metric, with its dimensions, and over expressions.

ministack ignores dimensions and metric queries (services/cloudwatch.py 297-346), evaluates alarms only after
PutMetricData (644), and keeps the state of an alarm without values. Here a description of alarms evaluates them, too.
As in ministack, the evaluated periods are one that ends now. Expressions are numbers, ids, + - * / and parentheses; an
alarm on any other keeps its state.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

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
_WITHOUT_VALUES = {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA"}


def install() -> None:
    """Replace the evaluation; evaluate before alarms are described."""
    describe = service._describe_alarms

    def describe_evaluated(*arguments: Any, **options: Any) -> Any:
        service._evaluate_all_alarms()
        return describe(*arguments, **options)

    service._evaluate_alarm = evaluate
    service._describe_alarms = describe_evaluated


def evaluate(alarm: dict[str, Any]) -> None:
    """Change the state of an alarm to that of its values, and do what it says for that state."""
    compared = _COMPARED.get(alarm.get("ComparisonOperator", ""))
    # ministack evaluates an alarm before it has its queries.
    if compared is None or not (alarm.get("Metrics") or alarm.get("MetricName")):
        return
    try:
        value = _value(alarm)
    except (SyntaxError, KeyError):
        return
    if value is None:
        state = _WITHOUT_VALUES.get(alarm.get("TreatMissingData") or "missing", alarm["StateValue"])
        reason = "no values"
    else:
        state = "ALARM" if compared(value, alarm["Threshold"]) else "OK"
        reason = f"Threshold Crossed: {value:g} {alarm['ComparisonOperator']} {alarm['Threshold']:g}"
    before = alarm["StateValue"]
    if state != before:
        alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        service._record_history(alarm["AlarmName"], before, state, reason)
        service._dispatch_alarm_actions(alarm, before, state, reason)
        service._evaluate_parent_alarms(alarm)


def _value(alarm: dict[str, Any]) -> float | None:
    periods = alarm.get("EvaluationPeriods", 1)
    queries = {query["Id"]: query for query in alarm.get("Metrics") or ()}
    if not queries:
        stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
        return _metric(alarm, alarm.get("Period", 60) * periods, stat)

    def of(id_: str) -> float | None:
        query = queries[id_]
        if query.get("Expression"):
            return calculate(query["Expression"], of)
        found = query["MetricStat"]
        return _metric(found["Metric"], found["Period"] * periods, found["Stat"])

    returned = [id_ for id_, query in queries.items() if query.get("ReturnData", True)]
    return of(returned[0]) if len(returned) == 1 else None


def _metric(metric: Mapping[str, Any], seconds: float, stat: str) -> float | None:
    given = metric.get("Dimensions") or []
    dimensions = given if isinstance(given, dict) else {one["Name"]: one["Value"] for one in given}
    since = time.time() - seconds
    key = (metric.get("Namespace"), metric.get("MetricName"))
    points = [
        point
        for (*found, _), values in service._metrics.items()
        for point in values
        if tuple(found) == key and point["Timestamp"] >= since and point["Dimensions"] == dimensions
    ]
    if not points:
        return None
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
