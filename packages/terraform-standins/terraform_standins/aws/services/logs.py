"""CloudWatch Logs: log groups, metric filters and saved queries of Logs Insights."""

from __future__ import annotations

from collections.abc import Sequence

from ..declaration import REGIONAL
from ..resource import POLICY, UNKNOWN, AwsResource, Calls, DiagnosticError, Identity, Tagging, Values, is_known


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
    computed = {"arn": lambda values, _: values["arn"].removesuffix(":*")}


class MetricFilter(AwsResource):
    type_name, label, service = "aws_cloudwatch_log_metric_filter", "CloudWatch Logs Metric Filter", "logs"
    calls = Calls.of("metric_filter", create="put", read="describe*", update="put")
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
            raise DiagnosticError(f"unexpected format of ID ({import_id}). {form}")
        return {"id": name, "name": name, "log_group_name": group}


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


class QueryDefinition(AwsResource):
    type_name, label, service = "aws_cloudwatch_query_definition", "CloudWatch Logs Query Definition", "logs"
    calls = Calls.of("query_definition", create="put", read="describe*", update="put")
    answer = "queryDefinitions[]"
    names = {"id": "queryDefinitionId"}
    named_by = "name"
    computed = {"query_definition_id": "{id}"}

    def from_import_id(self, import_id: str) -> Values:
        id_ = import_id.rpartition(":")[2]
        if not import_id.startswith("arn:") or not id_:
            raise DiagnosticError(f"unexpected format for ID ({import_id}), expected a query definition ARN")
        return {"id": id_, "query_definition_id": id_}


class LogStream(AwsResource):
    type_name, label, service, derived = "aws_cloudwatch_log_stream", "CloudWatch Logs Log Stream", "logs", True
    calls = Calls.of("log_stream", read="describe*", update="")
    answer, named_by = "logStreams[]", "name"
    names = {"name": "logStreamName|logStreamNamePrefix"}
    import_form = ("log_group_name:name", "log_group_name", "name")


class SubscriptionFilter(AwsResource):
    type_name, label = "aws_cloudwatch_log_subscription_filter", "CloudWatch Logs Subscription Filter"
    service, derived = "logs", True
    calls = Calls.of("subscription_filter", create="put", read="describe*", update="put")
    answer, named_by, id_form = "subscriptionFilters[]", "name", "{log_group_name}|{name}"
    names = {"name": "filterName|filterNamePrefix"}


class ResourcePolicy(AwsResource):
    type_name, label = "aws_cloudwatch_log_resource_policy", "CloudWatch Logs Resource Policy"
    service, derived, documents = "logs", True, {"policy_document": POLICY}
    calls = Calls.of("resource_policy", create="put", read="describe*", update="put")
    answer, named_by = "resourcePolicies[]", "policy_name"
