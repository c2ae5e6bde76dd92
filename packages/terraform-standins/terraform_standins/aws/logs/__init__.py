"""CloudWatch Logs: log groups, metric filters and saved queries."""

from . import log_group, metric_filter, query_definition

TYPES = (
    *log_group.TYPES,
    *metric_filter.TYPES,
    *query_definition.TYPES,
)
