"""What tells that an API is healthy, and why it is not."""

from __future__ import annotations

from constructs import Construct

from stacks.constructs.access_logs import AccessLogs
from stacks.constructs.alarms import Alarms
from stacks.constructs.dashboard import Dashboard
from stacks.constructs.function import Function
from stacks.constructs.log_queries import LogQueries
from stacks.constructs.notifications import Notifications
from stacks.constructs.rest_api import RestApi
from stacks.constructs.tracing import Tracing
from stacks.settings import Settings


class Monitoring(Construct):
    """Alarms and where they go, a dashboard, access logs, saved queries and traces."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, function: Function, api: RestApi) -> None:
        super().__init__(scope, id_)
        name = settings.name
        notifications = Notifications(self, "notifications", name=name, email=settings.alarm_email)
        alarms = Alarms(
            self,
            "alarms",
            name=name,
            function=function,
            api=api,
            latency_ms=settings.alarm_latency_ms,
            topic=notifications.topic_arn,
        )
        self.alarms = [alarm.alarm_name for alarm in alarms.resources]
        Dashboard(
            self,
            "dashboard",
            name=name,
            region=settings.region,
            function=function,
            api=api,
            alarms=[alarm.arn for alarm in alarms.resources],
        )
        access = AccessLogs(
            self,
            "access-logs",
            name=name,
            stage=api.stage,
            retention_days=settings.log_retention_days,
            manage_role=settings.api_gateway_role,
            permissions_boundary=settings.permissions_boundary,
        )
        LogQueries(self, "queries", name=name, function_logs=function.logs.name, access_logs=access.logs.name)
        Tracing(self, "tracing", stage=api.stage, function=function)
