"""CloudWatch Logs: log groups."""

from . import log_group, metric_filter

TYPES = (
    *log_group.TYPES,
    *metric_filter.TYPES,
)
