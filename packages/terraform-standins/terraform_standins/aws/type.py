"""The base class of all AWS types: client, botocore's model of it, errors in the provider's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..protocol.base import DataSource, Type
from ..protocol.diagnostics import DiagnosticError
from ..protocol.values import Values
from .cloud import Aws, service_model
from .messages import aws_message
from .model import Names, from_aws, pairs, to_aws, value_at


class AwsType(Type[Aws]):
    """A resource, data source or ephemeral resource of AWS."""

    service: ClassVar[str] = ""
    """botocore's name of the service, for `self.client`."""
    names: ClassVar[Names] = {}
    """Argument -> AWS's name or path, where the spelling differs; see `model`."""
    named_by: ClassVar[str] = ""
    """The argument that names the resource: it is in errors, is the id (unless AWS returns one), may have a prefix."""
    verbs: ClassVar[Mapping[str, str]] = {}
    """The verbs of errors instead of creating, updating and deleting; with arguments in braces all before the colon."""
    error_name: ClassVar[str | None] = None
    """What errors have in parentheses, as a format string, if it is not the id or the name."""
    wrapper: ClassVar[str] = ""
    noun: ClassVar[str] = ""

    def client(self, aws: Aws) -> Any:
        """The service's client."""
        return aws.client(self.service)

    def structure(self, aws: Aws, name: str, values: Values) -> dict[str, Any]:
        """Build the structure `name` of AWS's API from the arguments that it has members for."""
        return to_aws(self.schema.block, self.shape(name), values, self.names)

    def values(self, aws: Aws, shape: Any, answer: Mapping[str, Any]) -> Values:
        """The arguments that a structure of AWS's API, or the one of this name, has members for.

        Raises KeyError if the answer has none of the required members.
        """
        block, structure = self.schema.block, self.shape(shape) if isinstance(shape, str) else shape
        paths = pairs(block, structure, self.names, self.wrapper, self.noun)
        required = [path for argument, path in paths.items() if block.requires(argument)]
        if answer and required and all(value_at(answer, path) is None for path in required):
            raise KeyError(required[0])
        return from_aws(block, structure, answer, self.names, self.wrapper, self.noun)

    def shape(self, name: str) -> Any:
        """botocore's model of a structure."""
        return service_model(self.service)[0].shape_for(name)

    def operation(self, method: str) -> Any:
        """botocore's model of the operation that a client's method calls."""
        model, operations = service_model(self.service)
        if method not in operations:
            raise DiagnosticError(f"{self.type_name}: {self.service} has no method {method}: fix `calls`")
        return model.operation_model(operations[method])

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """The provider's message: `creating ECR Repository (x): operation error ECR: ...`."""
        told, verb = AwsError(aws_message(error, self.service)), self.verbs.get(doing, doing)
        known = {name: "" if value is None else value for name, value in values.items()}
        if "{" in verb:
            return f"{verb.format_map(known)}: {told}"
        named = {"id": values.get("id"), "name": values.get(self.named_by or "name")}
        named = named if self.error_name is None else {"id": self.error_name.format_map(known)}
        return super().explain(told, verb, named)


class AwsError(Exception):
    """An error of AWS, in the words of the SDK for Go."""


class AwsData(AwsType, DataSource[Aws]):
    """A data source of AWS."""
