"""CloudWatch Logs: metric filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.values import UNKNOWN, Values, is_known
from ..cloud import Aws
from ..resource import AwsResource, Calls


class MetricFilter(AwsResource):
    """A metric filter: counts the log lines that match a pattern as a metric.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
    """

    type_name = "aws_cloudwatch_log_metric_filter"
    label = "CloudWatch Logs Metric Filter"
    service = "logs"
    calls = Calls(create="put_metric_filter", update="put_metric_filter", delete="delete_metric_filter")
    names: ClassVar = {
        "name": "filterName",
        "pattern": "filterPattern",
        "metric_transformation": "metricTransformations",
        "metric_transformation.name": "metricName",
        "metric_transformation.namespace": "metricNamespace",
        "metric_transformation.value": "metricValue",
    }
    named_by = "name"
    gone = ("ResourceNotFoundException",)
    normalise: ClassVar = {"pattern": str.strip}
    # The embedded cloud ignores it.
    refused = ("apply_on_transformed_logs",)

    def validate(self, config: Values) -> Sequence[str]:
        blocks = [block for block in config["metric_transformation"] or () if block is not UNKNOWN]
        values = [block["default_value"] for block in blocks if is_known(block["default_value"])]
        return [
            f"metric_transformation.0.default_value: cannot parse '{value}' as float: "
            f'strconv.ParseFloat: parsing "{value}": invalid syntax'
            for value in values
            if value and not _is_number(value)
        ]

    def read(self, aws: Aws, state: Values) -> Values | None:
        # There is no call that reads a single filter.
        pages = (
            self.client(aws)
            .get_paginator("describe_metric_filters")
            .paginate(logGroupName=state["log_group_name"], filterNamePrefix=state["id"])
        )
        found = next((f for page in pages for f in page["metricFilters"] if f["filterName"] == state["id"]), None)
        return found and self.values(aws, "MetricFilter", found)

    def from_import_id(self, import_id: str) -> Values:
        group, separator, name = import_id.partition(":")
        if not separator or not group or not name:
            form = "Please supply the resource in the format <log_group_name>:<name>"
            raise DiagnosticError(Diagnostic(f"unexpected format of ID ({import_id}). {form}"))
        return {"id": name, "name": name, "log_group_name": group}


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


TYPES = (MetricFilter,)
