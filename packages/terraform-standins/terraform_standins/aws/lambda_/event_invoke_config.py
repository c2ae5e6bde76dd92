"""Lambda: the settings of asynchronous invocations."""

from __future__ import annotations

from ...protocol.values import Values
from ..cloud import Aws
from ..model import given
from ..resource import AwsResource, Calls


class EventInvokeConfig(AwsResource):
    """The settings of asynchronous invocations: retries and the destinations of results.

    https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
    """

    type_name = "aws_lambda_function_event_invoke_config"
    label = "Lambda Function Event Invoke Config"
    service = "lambda"
    calls = Calls(
        create="put_function_event_invoke_config",
        read="get_function_event_invoke_config",
        update="put_function_event_invoke_config",
        delete="delete_function_event_invoke_config",
    )
    gone = ("ResourceNotFoundException",)

    def id_of(self, values: Values) -> str:
        return ":".join(given(a=values["function_name"], b=values["qualifier"]).values())

    def read(self, aws: Aws, state: Values) -> Values:
        values = super().read(aws, state) or {}
        # AWS answers an empty structure for a destination that is not configured.
        for block in values["destination_config"]:
            block.update({name: [one for one in block[name] if one["destination"]] for name in block})
        return {
            **values,
            "destination_config": [block for block in values["destination_config"] if any(block.values())],
        }

    def from_import_id(self, import_id: str) -> Values:
        # FUNCTION or FUNCTION:QUALIFIER; FUNCTION is a name or an ARN.
        arn, separator, rest = import_id.rpartition(":function:")
        name, _, qualifier = rest.partition(":")
        return {"id": import_id, "function_name": f"{arn}{separator}{name}", "qualifier": qualifier or None}


TYPES = (EventInvokeConfig,)
