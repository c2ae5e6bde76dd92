"""CloudWatch: alarms and dashboards."""

from . import dashboard, metric_alarm

TYPES = (*dashboard.TYPES, *metric_alarm.TYPES)
