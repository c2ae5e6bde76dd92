"""Lambda: aliases, and the settings of asynchronous invocations."""

from __future__ import annotations

from ...protocol.values import Values
from ..declaration import Calls
from ..model import given
from ..resource import AwsResource
from .lambda_function import INVOKE_ARN


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
