"""Saved queries of CloudWatch Logs Insights."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct


class LogQueries(Construct):
    """The questions of somebody who is on call, in the folder `name` of the saved queries."""

    def __init__(self, scope: Construct, id_: str, *, name: str, function_logs: list[str], access_logs: str) -> None:
        super().__init__(scope, id_)
        queries = {
            "failed-requests": (
                [access_logs],
                "filter status >= 500 | fields @timestamp, requestId, functionRequestId, path, status, integrationError"
                " | sort @timestamp desc | limit 50",
            ),
            "slowest-requests": (
                [access_logs],
                "fields @timestamp, path, latency, integrationLatency, functionRequestId"
                " | sort latency desc | limit 50",
            ),
            "callers": ([access_logs], "stats count() as requests by caller, status | sort requests desc | limit 50"),
            "function-errors": (
                function_logs,
                'filter level = "ERROR" | fields @timestamp, requestId, message, errorType, errorMessage'
                " | sort @timestamp desc | limit 50",
            ),
            "cold-starts": (function_logs, "filter cold_start = 1 | stats count() as cold_starts by bin(5m)"),
        }
        for id_, (logs, query) in queries.items():
            CloudwatchQueryDefinition(self, id_, name=f"{name}/{id_}", log_group_names=logs, query_string=query)
