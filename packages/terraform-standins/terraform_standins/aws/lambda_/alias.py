"""Lambda: aliases."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import AwsResource, Calls
from .function import invoke_arn


class Alias(AwsResource):
    """An alias: a name for one or two versions of a function.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
    """

    type_name = "aws_lambda_alias"
    label = "Lambda Alias"
    service = "lambda"
    calls = Calls(create="create_alias", read="get_alias", update="update_alias", delete="delete_alias")
    names: ClassVar = {"id": "AliasArn", "arn": "AliasArn"}
    named_by = "name"
    gone = ("ResourceNotFoundException",)
    suppress: ClassVar = {"function_name": lambda old, new: old == new or old.endswith(f":{new}")}
    import_form = ("FUNCTION_NAME/ALIAS", "function_name", "name")

    def read(self, aws: Aws, state: Values) -> Values:
        values = super().read(aws, state) or {}
        weighted = [block for block in values["routing_config"] if block["additional_version_weights"]]
        return {**values, "id": values["arn"], "invoke_arn": invoke_arn(aws, values["arn"]), "routing_config": weighted}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        return super().explain(error, doing, {"name": values.get("name")})


TYPES = (Alias,)
