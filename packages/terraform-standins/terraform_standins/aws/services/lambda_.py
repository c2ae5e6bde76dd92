"""Lambda: aliases, event sources, and the settings of asynchronous invocations."""

from __future__ import annotations

from ..resource import Answer, Aws, AwsResource, Calls, Values, Wait, given
from .lambda_function import INVOKE_ARN, WithCode


class Alias(AwsResource):
    type_name, label, service = "aws_lambda_alias", "Lambda Alias", "lambda"
    calls = Calls.of("alias")
    names = {"id": "AliasArn", "arn": "AliasArn"}
    named_by, error_name = "name", "{name}"
    suppress = {"function_name": lambda old, new: old == new or old.endswith(f":{new}")}
    import_form = ("FUNCTION_NAME/ALIAS", "function_name", "name")
    omitted = ("routing_config",)
    computed = {"invoke_arn": INVOKE_ARN}


class EventInvokeConfig(AwsResource):
    type_name, label = "aws_lambda_function_event_invoke_config", "Lambda Function Event Invoke Config"
    service = "lambda"
    calls = Calls.of("function_event_invoke_config", create="put", update="put")
    omitted = ("destination_config",)

    def id_of(self, values: Values) -> str:
        return ":".join(given(a=values["function_name"], b=values["qualifier"]).values())

    def from_import_id(self, import_id: str) -> Values:
        # FUNCTION or FUNCTION:QUALIFIER; FUNCTION is a name or an ARN.
        arn, separator, rest = import_id.rpartition(":function:")
        name, _, qualifier = rest.partition(":")
        return {"id": import_id, "function_name": f"{arn}{separator}{name}", "qualifier": qualifier or None}


class EventSourceMapping(AwsResource):
    type_name, label, service = "aws_lambda_event_source_mapping", "Lambda Event Source Mapping", "lambda"
    calls = Calls.of("event_source_mapping")
    derived = True
    names = {
        "id": "UUID",
        "arn": "EventSourceMappingArn",
        "destination_config.on_failure.destination_arn": "Destination",
    }
    suppress = {"function_name": lambda old, new: old == new or old.endswith(f":{new}")}
    waits = Wait("State", ("Creating", "Enabling", "Disabling", "Updating", "Deleting"), seconds=600)
    omitted = ("destination_config", "filter_criteria", "scaling_config")
    refused = (
        *("amazon_managed_kafka_event_source_config", "document_db_event_source_config", "kms_key_arn"),
        *("metrics_config", "provisioned_poller_config", "queues", "self_managed_event_source"),
        *("self_managed_kafka_event_source_config", "source_access_configuration", "starting_position_timestamp"),
        *("topics",),
    )

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values, arn = super().parsed(aws, state, found), found["FunctionArn"]
        name = arn if (state.get("function_name") or "").startswith("arn:") else arn.rpartition(":function:")[2]
        return {**values, "function_name": name, "enabled": found.get("State") not in ("Disabled", "Disabling")}


class FunctionUrl(AwsResource):
    type_name, label, service = "aws_lambda_function_url", "Lambda Function URL", "lambda"
    calls = Calls.of("function_url_config")
    names = {"authorization_type": "AuthType"}
    named_by, derived, lenient = "function_name", True, True
    computed = {"url_id": lambda values, _: values["function_url"].rstrip("/").rpartition("/")[2].partition(".")[0]}
    suppress = {"function_name": lambda old, new: old == new or old.endswith(f":{new}")}

    def id_of(self, values: Values) -> str:
        return "/".join(filter(None, (values["function_name"], values["qualifier"])))

    def from_import_id(self, import_id: str) -> Values:
        name, _, qualifier = import_id.partition("/")
        return {"id": import_id, "function_name": name, "qualifier": qualifier or None}


class LayerVersion(WithCode):
    type_name, label = "aws_lambda_layer_version", "Lambda Layer Version"
    calls = Calls("publish_layer_version", "get_layer_version_by_arn")
    names = {
        "id": "LayerVersionArn|Arn",
        "arn": "LayerVersionArn",
        "source_code_size": "Content.CodeSize",
        "filename": "Content.ZipFile",
    }
    wrapper = "Content"
    derived, lenient = True, True
    kept = ("source_code_hash",)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        name = found["LayerArn"].rpartition(":")[2]
        return {**super().parsed(aws, state, found), "layer_name": state.get("layer_name") or name}

    def remove(self, aws: Aws, state: Values) -> None:
        name, _, version = state["id"].rpartition(":")
        self.client(aws).delete_layer_version(LayerName=name, VersionNumber=int(version))
