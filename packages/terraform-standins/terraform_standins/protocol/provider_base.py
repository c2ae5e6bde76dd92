"""The base class of providers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar, Generic, TypeVar

from .base import SCHEMAS, Type
from .schema import Schema
from .values import Values

C = TypeVar("C")


class Provider(Generic[C]):
    """A provider: its name, its configuration, its types."""

    name: ClassVar[str]
    protocol: ClassVar[int]
    arguments: ClassVar[Collection[str]]
    types: Sequence[type[Type[C]]]
    """The bundled types."""

    with_own: Callable[[Sequence[type[Type[C]]]], Sequence[type[Type[C]]]] | None = None
    """Adds the types of an app, if the provider is served with them."""

    def load_types(self) -> Sequence[type[Type[C]]]:
        """The bundled types and those that the app adds. Raises StandInError if one of the app's cannot be used."""
        return self.with_own(self.types) if self.with_own else self.types

    def load_schema(self) -> Schema:
        """The schema of the provider's own configuration."""
        return Schema.load(SCHEMAS / self.name / "provider.json")

    def advice(self, type_name: str) -> str:
        """What to do about an argument that is not implemented, of a type or ("") of the provider."""
        return "Use the real provider instead: --providers registry."

    def used(self) -> Collection[str]:
        """Names of what this process has loaded for `preload` to load before other processes start."""
        return ()

    def preload(self, used: Collection[str]) -> None:
        """Load what processes that are forked from this one will use: what others have `used`; start no thread."""

    def configure(self, config: Values) -> None:
        """Store the configuration; it must make no calls, so that a plan works without the services."""
        raise NotImplementedError

    def context(self, values: Values) -> C:
        """The context for a resource with these `values` (which may have another region, for example)."""
        raise NotImplementedError
