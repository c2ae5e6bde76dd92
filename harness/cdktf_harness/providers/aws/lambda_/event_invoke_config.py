"""Lambda: what becomes of asynchronous invocations."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..model import first, given
from ..resource import AwsResource


class EventInvokeConfig(AwsResource):
    """https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html ."""

    type_name = "aws_lambda_function_event_invoke_config"
    label = "Lambda Function Event Invoke Config"
    service = "lambda"
    gone = ("ResourceNotFoundException",)
    arguments: ClassVar = {
        "function_name",
        "qualifier",
        "destination_config",
        "maximum_event_age_in_seconds",
        "maximum_retry_attempts",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the configuration, in the place of the one that is there."""
        destinations = first(planned["destination_config"])
        targets = {
            key: {"Destination": block["destination"]}
            for key, name in _DESTINATIONS.items()
            for block in destinations.get(name, [])
        }
        self.client(aws).put_function_event_invoke_config(
            **_who(planned),
            MaximumRetryAttempts=planned["maximum_retry_attempts"],
            **given(MaximumEventAgeInSeconds=planned["maximum_event_age_in_seconds"], DestinationConfig=targets),
        )
        return {"id": ":".join(given(a=planned["function_name"], b=planned["qualifier"]).values())}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the configuration."""
        answer = self.client(aws).get_function_event_invoke_config(**_who(state))
        targets = answer.get("DestinationConfig") or {}
        destinations = {
            name: [{"destination": target["Destination"]} for target in [targets.get(key) or {}] if target]
            for key, name in _DESTINATIONS.items()
        }
        return {
            "destination_config": [destinations] if any(destinations.values()) else [],
            "maximum_event_age_in_seconds": answer.get("MaximumEventAgeInSeconds"),
            "maximum_retry_attempts": answer.get("MaximumRetryAttempts"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it again: what is left out goes."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the configuration."""
        self.client(aws).delete_function_event_invoke_config(**_who(state))

    def from_import_id(self, import_id: str) -> Values:
        """`FUNCTION` or `FUNCTION:QUALIFIER`; FUNCTION is a name or an ARN."""
        arn, separator, rest = import_id.rpartition(":function:")
        name, _, qualifier = rest.partition(":")
        return {"id": import_id, "function_name": f"{arn}{separator}{name}", "qualifier": qualifier or None}


_DESTINATIONS = {"OnFailure": "on_failure", "OnSuccess": "on_success"}
"""AWS's name -> the block's."""


def _who(values: Values) -> dict[str, Any]:
    return {"FunctionName": values["function_name"], **given(Qualifier=values["qualifier"])}


TYPES = (EventInvokeConfig,)
