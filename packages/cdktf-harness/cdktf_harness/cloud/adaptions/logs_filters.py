"""CloudWatch Logs: a filter pattern in braces selects events that are JSON.

ministack takes it for one that selects all (services/cloudwatch_logs.py 1301). Here are comparisons of properties,
joined by && or ||; another pattern in braces is refused, as AWS refuses what is none.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html , "JSON log events".
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

Matches = Callable[[Any], bool]
_COMPARISON = re.compile(r'\s*\$\.([\w.-]+)\s*(!=|>=|<=|=|>|<)\s*("[^"]*"|[^\s"&|(){}]+)\s*')
_NUMBERS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def install() -> None:
    """Select by patterns in braces."""
    compile_, filter_ = service._compile_filter_pattern, service._filter_log_events

    def compiled(pattern: str) -> Any:
        if not _braced(pattern):
            return compile_(pattern)
        matches = _matcher(pattern)
        return lambda message: matches(_parsed(message))

    def filtered(data: dict[str, Any]) -> Any:
        try:
            return filter_(data)
        except ValueError as error:
            return service.error_response_json("InvalidParameterException", str(error), 400)

    service._compile_filter_pattern, service._filter_log_events = compiled, filtered


def _braced(pattern: str) -> bool:
    return pattern.strip().startswith("{")


def _matcher(pattern: str) -> Matches:
    """Raises ValueError."""
    alternatives = [
        [_comparison(text) for text in alternative.split("&&")]
        for alternative in pattern.strip().removeprefix("{").removesuffix("}").split("||")
    ]
    return lambda event: any(all(one(event) for one in comparisons) for comparisons in alternatives)


def _comparison(text: str) -> Matches:
    found = _COMPARISON.fullmatch(text)
    if not found:
        raise ValueError(f"Invalid filter pattern, or one that the embedded cloud does not know: {text.strip()}")
    path, sign, wanted = found.groups()

    def matches(event: Any) -> bool:
        for name in path.split("."):
            event = event.get(name) if isinstance(event, dict) else None
        if isinstance(event, int | float):
            return _is_number(wanted) and bool(_NUMBERS[sign](event, float(wanted)))
        equal = fnmatchcase(str(event), wanted.strip('"'))
        return event is not None and sign in ("=", "!=") and equal == (sign == "=")

    return matches


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text))


def _parsed(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return None
