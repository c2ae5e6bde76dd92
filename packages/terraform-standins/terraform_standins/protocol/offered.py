"""The types that a provider offers, and their schemas."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from . import tfplugin_pb2 as pb
from .base import Resource, Type
from .diagnostics import Diagnostic, DiagnosticError
from .provider_base import Provider
from .schema import Schema

C = TypeVar("C")


class Offered(Generic[C]):
    """The types of one provider."""

    def __init__(self, provider: Provider[C]) -> None:
        self._provider = provider

    @cached_property
    def _types(self) -> dict[tuple[str, str], Type[C]]:
        # At the first request: Terraform then shows the error of a type that the app adds.
        return {(t.kind, t.type_name): t() for t in self._provider.load_types()}

    def find(self, kind: str, name: str) -> tuple[Any, Schema]:
        """Return a type and its schema. Raises DiagnosticError."""
        key = (kind, name)
        if key not in self._types:
            advice = self._provider.advice(name)
            raise DiagnosticError(Diagnostic(f"the bundled provider does not support {name}", advice))
        return self._types[key], self._types[key].schema

    def resource(self, name: str) -> tuple[Resource[C], Schema]:
        """Return a type of resources and its schema. Raises DiagnosticError."""
        return cast("tuple[Resource[C], Schema]", self.find("resource", name))

    @cached_property
    def schemas(self) -> pb.GetSchemaResponse:
        """The schemas of the provider and its types."""
        schemas: dict[str, dict[str, pb.Schema]] = {"resource": {}, "data": {}, "ephemeral": {}}
        for kind, name in self._types:
            schemas[kind][name] = self.find(kind, name)[1].to_proto()
        return pb.GetSchemaResponse(
            provider=self._provider.load_schema().to_proto(),
            resource_schemas=schemas["resource"],
            data_source_schemas=schemas["data"],
            ephemeral_resource_schemas=schemas["ephemeral"],
            # Terraform asks once, not for each of the provider's processes and, where it stays up, for each command.
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )

    @property
    def identity_schemas(self) -> pb.GetIdentitySchemasResponse:
        """The schemas of the types that have an identity."""
        types = (cast("Resource[C]", type_) for (kind, _), type_ in self._types.items() if kind == "resource")
        return pb.GetIdentitySchemasResponse(
            identity_schemas={t.type_name: t.identity.to_proto() for t in types if t.identity is not None}
        )
