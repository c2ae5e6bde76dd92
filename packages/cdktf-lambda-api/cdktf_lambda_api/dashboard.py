"""A dashboard: is the API healthy, and since when not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.metrics import of_api, of_function, prefix

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api

WIDTH, HEIGHT = 24, 6


class Dashboard(Construct):
    """The alarms' states in one row; below, what callers see, and what each function does."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        cloud: Cloud,
        functions: Sequence[Function],
        api: Api,
        alarms: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._region, name = cloud.region, api.name
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
        ]
        for row, function in enumerate(functions, 1):
            of, calls = prefix(function, api).replace("-", " "), of_function(function, "Invocations", "Sum")
            failures = [
                of_function(function, metric, "Sum").widget(label=metric.lower()) for metric in ("Errors", "Throttles")
            ]
            durations = [of_function(function, "Duration", stat).widget(label=stat) for stat in ("p50", "p99")]
            widgets += [
                self._graph(0, row, f"{of}calls".capitalize(), [calls.widget(label="calls")]),
                self._graph(1, row, f"{of}failures".capitalize(), failures),
                self._graph(2, row, f"{of}duration, ms".capitalize(), durations),
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
