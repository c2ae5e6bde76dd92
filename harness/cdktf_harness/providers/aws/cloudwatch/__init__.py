"""CloudWatch: alarms and dashboards."""

from . import metric_alarm

TYPES = (*metric_alarm.TYPES,)
