"""What tells that an API is healthy, and why it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from constructs import Construct

from cdktf_lambda_api.access_logs import AccessLogs
from cdktf_lambda_api.alarms import Alarms
from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.dashboard import Dashboard
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.log_queries import LogQueries
from cdktf_lambda_api.notifications import Notifications
from cdktf_lambda_api.tracing import Tracing

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api


class Monitoring(Construct):
    """Alarms and where they go, a dashboard, access logs, saved queries and traces.

    `topic` is where alarms go; `alarms` has the names of the alarms, whose descriptions name the `runbook`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: Api,
        functions: Sequence[Function],
        cloud: Cloud,
        latency_ms: int,
        log_retention_days: int,
        email: str = "",
        runbook: str = "",
        manage_role: bool = False,
        permissions_boundary: str = "",
    ) -> None:
        super().__init__(scope, id_)
        name = api.name
        notifications = Notifications(self, "notifications", name=name, email=email)
        alarms = Alarms(
            self,
            "alarms",
            functions=functions,
            api=api,
            latency_ms=latency_ms,
            topic=notifications.topic_arn,
            runbook=runbook,
        )
        self.alarms = [alarm.alarm_name for alarm in alarms.resources]
        Dashboard(
            self,
            "dashboard",
            cloud=cloud,
            functions=functions,
            api=api,
            alarms=[alarm.arn for alarm in alarms.resources],
        )
        access = AccessLogs(
            self,
            "access-logs",
            api=api,
            retention_days=log_retention_days,
            manage_role=manage_role,
            permissions_boundary=permissions_boundary,
        )
        logs = [function.logs.name for function in functions]
        LogQueries(self, "queries", name=name, function_logs=logs, access_logs=access.logs.name)
        Tracing(self, "tracing", api=api, functions=functions)
