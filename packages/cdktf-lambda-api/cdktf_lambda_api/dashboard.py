"""A dashboard: is the API healthy, and since when not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.metrics import of_api, of_function
from cdktf_lambda_api.rest_api import RestApi

WIDTH, HEIGHT = 24, 6


class Dashboard(Construct):
    """The alarms' states in one row; below, what callers see, and what the function does."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        region: str,
        function: Function,
        api: RestApi,
        alarms: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._region = region
        states = {"type": "alarm", "x": 0, "y": 0, "width": WIDTH, "height": 3}
        widgets = [
            {**states, "properties": {"title": name, "alarms": list(alarms)}},
            self._graph(0, 0, "Requests", [of_api(api, "Count", "Sum").widget(label="requests")]),
            self._graph(
                1,
                0,
                "Errors",
                [
                    of_api(api, error, "Sum").widget(label=label)
                    for error, label in (("5XXError", "5xx"), ("4XXError", "4xx"))
                ],
            ),
            self._graph(
                2, 0, "Latency, ms", [of_api(api, "Latency", stat).widget(label=stat) for stat in ("p50", "p99")]
            ),
            self._graph(0, 1, "Calls", [of_function(function, "Invocations", "Sum").widget(label="calls")]),
            self._graph(
                1,
                1,
                "Failures",
                [
                    of_function(function, metric, "Sum").widget(label=metric.lower())
                    for metric in ("Errors", "Throttles")
                ],
            ),
            self._graph(
                2,
                1,
                "Duration, ms",
                [of_function(function, "Duration", stat).widget(label=stat) for stat in ("p50", "p99")],
            ),
        ]
        CloudwatchDashboard(self, "dashboard", dashboard_name=name, dashboard_body=json.dumps({"widgets": widgets}))

    def _graph(self, column: int, row: int, title: str, metrics: list[Any]) -> dict[str, Any]:
        width = WIDTH // 3
        place = {"x": column * width, "y": 3 + row * HEIGHT, "width": width, "height": HEIGHT}
        properties = {
            "title": title,
            "region": self._region,
            "period": 60,
            "metrics": metrics,
            "yAxis": {"left": {"min": 0}},
        }
        return {"type": "metric", **place, "properties": {**properties, "view": "timeSeries"}}
