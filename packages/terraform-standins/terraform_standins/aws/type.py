"""The base class of all AWS types: client, botocore's model of it, errors in the provider's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..protocol.base import DataSource, Type
from ..protocol.values import Values
from .cloud import Aws
from .messages import aws_message
from .model import Names, from_aws, pairs, to_aws


class AwsType(Type[Aws]):
    """A resource, data source or ephemeral resource of AWS."""

    service: ClassVar[str] = ""
    """botocore's name of the service, for `self.client`."""
    names: ClassVar[Names] = {}
    """Argument -> AWS's name, where the spelling differs; an argument in a block is `block.argument`."""
    named_by: ClassVar[str] = ""
    """The argument that names the resource: it is in errors, is the id (unless AWS returns one), may have a prefix."""
    verbs: ClassVar[Mapping[str, str]] = {}
    """The verbs of errors instead of creating, updating and deleting."""

    def client(self, aws: Aws) -> Any:
        """The service's client."""
        return aws.client(self.service)

    def structure(self, aws: Aws, name: str, values: Values) -> dict[str, Any]:
        """Build the structure `name` of AWS's API from the arguments that it has members for."""
        return to_aws(self.schema.block, self.shape(aws, name), values, self.names)

    def values(self, aws: Aws, name: str, answer: Mapping[str, Any]) -> Values:
        """The arguments that the structure `name` of AWS's API has members for.

        Raises KeyError if the answer has none of the required members.
        """
        block, structure = self.schema.block, self.shape(aws, name)
        required = [m for argument, m in pairs(block, structure, self.names).items() if block.requires(argument)]
        if answer and required and not answer.keys() & set(required):
            raise KeyError(required[0])
        return from_aws(block, structure, answer, self.names)

    def shape(self, aws: Aws, name: str) -> Any:
        """botocore's model of a structure."""
        return self._model(aws).shape_for(name)

    def operation(self, aws: Aws, method: str) -> Any:
        """botocore's model of the operation that a client's method calls."""
        return self._model(aws).operation_model(self.client(aws).meta.method_to_api_mapping[method])

    def _model(self, aws: Aws) -> Any:
        return self.client(aws).meta.service_model

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """The provider's message: `creating ECR Repository (x): operation error ECR: ...`."""
        named = {"id": values.get("id"), "name": values.get(self.named_by or "name")}
        return super().explain(AwsError(aws_message(error, self.service)), self.verbs.get(doing, doing), named)


class AwsError(Exception):
    """An error of AWS, in the words of the SDK for Go."""


class AwsData(AwsType, DataSource[Aws]):
    """A data source of AWS."""
