"""CloudWatch Logs: a filter pattern selects by terms, or by properties of JSON, and case matters; FilterLogEvents
returns all events, page by page.

With ministack, a pattern in braces selects all events, and any other searches for its single words, even those of a
quoted phrase, and ignores case (services/cloudwatch_logs.py 1301-1331). This patch knows comparisons of properties,
joined by && or ||, and terms. It refuses all other patterns, including AWS's regular expressions and columns.
ministack returns the first 10,000 events and no token for more (1338-1380), so later events of a function are never
visible.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from ministack.services import cloudwatch_logs as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

Matches = Callable[[Any], bool]
_COMPARISON = re.compile(r'\s*\$\.([\w.-]+)\s*(!=|>=|<=|=|>|<)\s*("[^"]*"|[^\s"&|(){}]+)\s*')
# `-` excludes a term; of the terms with `?`, one is enough.
_TERM = re.compile(r'([-?]?)("[^"]*"|[^\s"%[][^\s"]*)(?:\s+|$)')
# AWS's maximum and default.
_PAGE = 10_000
_TOKEN = re.compile(r"[0-9]{1,18}")
_NUMBERS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@replaces(service, "_compile_filter_pattern")
def _compile(_: Any, pattern: str) -> Matches:
    if not pattern.strip().startswith("{"):
        return _terms(pattern.strip())
    matches = _matcher(pattern)
    return lambda message: matches(_parsed(message))


@replaces(service, "_filter_log_events")
def _filter(original: Any, data: dict[str, Any]) -> Any:
    # A token is the number of events on the pages before.
    given, limit = data.get("nextToken", "0"), min(data.get("limit", _PAGE), _PAGE)
    if not _TOKEN.fullmatch(given):
        return service.error_response_json("InvalidParameterException", "The specified nextToken is invalid.", 400)
    begin = int(given)
    try:
        # With its errors, and without its search.
        answer = original({**data, "limit": 0})
        if answer[0] != 200:
            return answer
        found = list(islice(_matching(data), begin, begin + limit + 1))
    except ValueError as error:
        return service.error_response_json("InvalidParameterException", str(error), 400)
    more = {"nextToken": str(begin + limit)} if len(found) > limit else {}
    return service.json_response({"events": found[:limit], "searchedLogStreams": [], **more})


def _matching(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the events that the call selects, oldest first. Raises ValueError."""
    streams = service._log_groups[service._resolve_log_group_name(data)]["streams"]
    matches = service._compile_filter_pattern(data.get("filterPattern", ""))
    first, last = data.get("startTime", 0), data.get("endTime", float("inf"))
    with service._log_events_lock:
        events = [
            {**event, "logStreamName": name}
            for name in data.get("logStreamNames") or streams
            for event in (streams[name]["events"] if name in streams else ())
            if first <= event["timestamp"] <= last
        ]
    events.sort(key=lambda event: (event["timestamp"], event.get("ingestionTime", 0)))
    return (event for event in events if matches(event.get("message", "")))


def _terms(pattern: str) -> Matches:
    """Raises ValueError."""
    signed: dict[str, list[str]] = {"": [], "-": [], "?": []}
    end = 0
    while end < len(pattern):
        term = _TERM.match(pattern, end)
        if not term:
            raise _unknown(pattern[end:])
        signed[term[1]].append(term[2].strip('"'))
        end = term.end()
    needed, excluded = signed[""], signed["-"]
    # AWS ignores them beside other terms.
    one_of = [] if needed or excluded else signed["?"]
    return lambda message: (
        all(text in message for text in needed)
        and not any(text in message for text in excluded)
        and (not one_of or any(text in message for text in one_of))
    )


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
        raise _unknown(text)
    path, sign, wanted = found.groups()

    def matches(event: Any) -> bool:
        for name in path.split("."):
            event = event.get(name) if isinstance(event, dict) else None
        if isinstance(event, int | float):
            return _is_number(wanted) and bool(_NUMBERS[sign](event, float(wanted)))
        equal = fnmatchcase(str(event), wanted.strip('"'))
        return event is not None and sign in ("=", "!=") and equal == (sign == "=")

    return matches


def _unknown(text: str) -> ValueError:
    return ValueError(f"Invalid filter pattern, or one that the embedded cloud does not know: {text.strip()}")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text))


def _parsed(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return None
