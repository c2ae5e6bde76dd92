"""API Gateway: API keys."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import Calls
from ..tags import Tagging
from .arns import arn
from .patch import PatchedResource


class ApiKey(PatchedResource):
    """An API key, which a method may require of its callers.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
    """

    type_name = "aws_api_gateway_api_key"
    label = "API Gateway API Key"
    calls = Calls(create="create_api_key", read="get_api_key", update="update_api_key", delete="delete_api_key")
    names: ClassVar = {"id": "apiKey"}
    tagging = Tagging()

    def read(self, aws: Aws, state: Values) -> Values:
        key = self.call(aws, "get_api_key", state, includeValue=True)
        return {**self.values(aws, "ApiKey", key), "arn": arn(aws, f"apikeys/{state['id']}")}


TYPES = (ApiKey,)
