"""CloudWatch Logs: metrics that are counted from the lines of a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.values import UNKNOWN, Values, is_known
from ..cloud import Aws
from ..model import given, text
from ..resource import AwsResource


class MetricFilter(AwsResource):
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html .

    The embedded cloud drops `apply_on_transformed_logs`; it is refused.
    """

    type_name = "aws_cloudwatch_log_metric_filter"
    label = "CloudWatch Logs Metric Filter"
    service = "logs"
    gone = ("ResourceNotFoundException",)
    arguments: ClassVar = {"name", "log_group_name", "pattern", "metric_transformation"}
    normalise: ClassVar = {"pattern": str.strip}

    def validate(self, config: Values) -> Sequence[str]:
        """A default value is a number."""
        blocks = [block for block in config["metric_transformation"] or () if block is not UNKNOWN]
        values = [block["default_value"] for block in blocks if is_known(block["default_value"])]
        return [
            f"metric_transformation.0.default_value: cannot parse '{value}' as float: "
            f'strconv.ParseFloat: parsing "{value}": invalid syntax'
            for value in values
            if value and not _is_number(value)
        ]

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the filter, in the place of one of that name."""
        transformations = [
            {
                "metricName": block["name"],
                "metricNamespace": block["namespace"],
                "metricValue": block["value"],
                **given(dimensions=block["dimensions"], unit=block["unit"]),
                **({"defaultValue": float(block["default_value"])} if block["default_value"] else {}),
            }
            for block in planned["metric_transformation"]
        ]
        self.client(aws).put_metric_filter(
            filterName=planned["name"],
            filterPattern=planned["pattern"].strip(),
            logGroupName=planned["log_group_name"],
            metricTransformations=transformations,
        )
        return {"id": planned["name"]}

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Find the filter among those whose name begins alike: there is no call for one."""
        pages = (
            self.client(aws)
            .get_paginator("describe_metric_filters")
            .paginate(logGroupName=state["log_group_name"], filterNamePrefix=state["id"])
        )
        found = next((f for page in pages for f in page["metricFilters"] if f["filterName"] == state["id"]), None)
        if found is None:
            return None
        return {
            "name": found["filterName"],
            "log_group_name": found["logGroupName"],
            "pattern": found.get("filterPattern"),
            "apply_on_transformed_logs": found.get("applyOnTransformedLogs"),
            "metric_transformation": [_block(t) for t in found["metricTransformations"]],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again: what is left out goes."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the filter."""
        self.client(aws).delete_metric_filter(filterName=state["id"], logGroupName=state["log_group_name"])

    def from_import_id(self, import_id: str) -> Values:
        """`GROUP:NAME`."""
        group, separator, name = import_id.partition(":")
        if not separator or not group or not name:
            form = "Please supply the resource in the format <log_group_name>:<name>"
            raise DiagnosticError(Diagnostic(f"unexpected format of ID ({import_id}). {form}"))
        return {"id": name, "name": name, "log_group_name": group}


def _block(transformation: dict[str, Any]) -> Values:
    default = transformation.get("defaultValue")
    return {
        "name": transformation["metricName"],
        "namespace": transformation["metricNamespace"],
        "value": transformation["metricValue"],
        "default_value": None if default is None else text(int(default) if default == int(default) else default),
        "dimensions": transformation.get("dimensions"),
        "unit": transformation.get("unit"),
    }


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


TYPES = (MetricFilter,)
