"""CloudWatch Logs: log groups, metric filters and saved queries of Logs Insights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.values import UNKNOWN, Values, is_known
from ..cloud import Aws
from ..declaration import REGIONAL, Calls
from ..policy import POLICY
from ..resource import AwsResource
from ..tags import Tagging


class LogGroup(AwsResource):
    type_name, label, service = "aws_cloudwatch_log_group", "CloudWatch Logs Log Group", "logs"
    calls = Calls("create_log_group", "describe_log_groups", "put_log_group_deletion_protection", "delete_log_group")
    answer = "logGroups[]"
    names = {"name": "logGroupName|logGroupNamePrefix|logGroupIdentifier"}
    named_by = "name"
    identity = Identity(("name",), REGIONAL)
    tagging = Tagging()
    defaults = {"logGroupClass": "STANDARD"}
    switches = {
        "retention_in_days": ("put_retention_policy", "delete_retention_policy"),
        "kms_key_id": ("associate_kms_key", "disassociate_kms_key"),
    }

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        values = super().parsed(aws, state, found)
        return {**values, "arn": values["arn"].removesuffix(":*")}


class MetricFilter(AwsResource):
    type_name, label, service = "aws_cloudwatch_log_metric_filter", "CloudWatch Logs Metric Filter", "logs"
    calls = Calls("put_metric_filter", "describe_metric_filters", "put_metric_filter", "delete_metric_filter")
    answer = "metricFilters[]"
    names = {
        "name": "filterName|filterNamePrefix",
        "pattern": "filterPattern",
        "metric_transformation.name": "metricName",
        "metric_transformation.namespace": "metricNamespace",
        "metric_transformation.value": "metricValue",
    }
    named_by = "name"
    normalise = {"pattern": str.strip}
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


class QueryDefinition(AwsResource):
    type_name, label, service = "aws_cloudwatch_query_definition", "CloudWatch Logs Query Definition", "logs"
    calls = Calls(
        "put_query_definition", "describe_query_definitions", "put_query_definition", "delete_query_definition"
    )
    answer = "queryDefinitions[]"
    names = {"id": "queryDefinitionId"}
    named_by = "name"
    computed = {"query_definition_id": "{id}"}

    def from_import_id(self, import_id: str) -> Values:
        id_ = import_id.rpartition(":")[2]
        if not import_id.startswith("arn:") or not id_:
            raise DiagnosticError(
                Diagnostic(f"unexpected format for ID ({import_id}), expected a query definition ARN")
            )
        return {"id": id_, "query_definition_id": id_}


class LogStream(AwsResource):
    type_name, label, service, derived = "aws_cloudwatch_log_stream", "CloudWatch Logs Log Stream", "logs", True
    calls = Calls("create_log_stream", "describe_log_streams", delete="delete_log_stream")
    answer, named_by = "logStreams[]", "name"
    names = {"name": "logStreamName|logStreamNamePrefix"}

    def from_import_id(self, import_id: str) -> Values:
        group, _, name = import_id.rpartition(":")
        return {"id": name, "name": name, "log_group_name": group}


class SubscriptionFilter(AwsResource):
    type_name, label = "aws_cloudwatch_log_subscription_filter", "CloudWatch Logs Subscription Filter"
    service, derived = "logs", True
    calls = Calls(
        "put_subscription_filter",
        "describe_subscription_filters",
        "put_subscription_filter",
        "delete_subscription_filter",
    )
    answer, named_by, id_form = "subscriptionFilters[]", "name", "{log_group_name}|{name}"
    names = {"name": "filterName|filterNamePrefix"}

    def from_import_id(self, import_id: str) -> Values:
        group, _, name = import_id.rpartition("|")
        return {"id": import_id, "name": name, "log_group_name": group}


class ResourcePolicy(AwsResource):
    type_name, label = "aws_cloudwatch_log_resource_policy", "CloudWatch Logs Resource Policy"
    service, derived, documents = "logs", True, {"policy_document": POLICY}
    calls = Calls("put_resource_policy", "describe_resource_policies", "put_resource_policy", "delete_resource_policy")
    answer, named_by = "resourcePolicies[]", "policy_name"
