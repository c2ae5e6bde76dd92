"""What the author of a type writes: a class with a few methods and tables; its schema is a file (schemas/).

`C` is what a provider hands to its types to work with: a cloud's clients, a registry's login.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from terraform_standins.errors import StandInError

from .identity import Identity
from .plan import Change, Normalisers, Suppressors
from .schema import Schema
from .values import Values

C = TypeVar("C")

PACKAGE = __package__.partition(".")[0]
SCHEMAS = Path(__file__).parents[1] / "schemas"


class NotFoundError(Exception):
    """What was asked for is not there (any more)."""


class PartlyCreatedError(Exception):
    """`cause` came after the call that made the resource: it is kept, and the next apply replaces it."""

    def __init__(self, values: Values, cause: Exception) -> None:
        super().__init__(str(cause))
        self.values = values
        self.cause = cause


@contextmanager
def existing(id_: str) -> Iterator[None]:
    """What follows in a `create` after the call that made the resource: an error does not lose it."""
    try:
        yield
    except Exception as error:
        raise PartlyCreatedError({"id": id_}, error) from error


class Type(Generic[C]):
    """What resources, data sources and ephemeral resources have in common."""

    kind: ClassVar[str]
    type_name: ClassVar[str]
    label: ClassVar[str] = ""
    """How the real provider's errors call it: "ECR Repository"."""
    arguments: ClassVar[Collection[str] | None] = None
    """The arguments that are implemented; None: all of the schema's that are not `refused`. Every other one is refused
    by name when it is set. `block` means the block with all that is in it, `block.argument` only that one."""
    refused: ClassVar[Collection[str]] = ()
    """The arguments that are not implemented, where these are fewer."""

    @cached_property
    def schema(self) -> Schema:
        """What `load_schema` reads."""
        return self.load_schema()

    @cached_property
    def supported(self) -> frozenset[str]:
        """The arguments that are implemented."""
        if self.arguments is not None:
            return frozenset(self.arguments)
        block, names = self.schema.block, set()
        for name in {*block.attributes, *block.blocks}.difference(self.refused):
            inner = {r.removeprefix(f"{name}.") for r in self.refused if r.startswith(f"{name}.")}
            if inner:
                within = block.blocks[name].block
                names |= {f"{name}.{argument}" for argument in {*within.attributes, *within.blocks} - inner}
            elif name in block.blocks or block.attributes[name].settable:
                names.add(name)
        return frozenset(names)

    @classmethod
    def load_schema(cls) -> Schema:
        """A bundled type's is that of the pinned version; an app's own lies beside its module. Raises StandInError."""
        name = f"{cls.kind}.{cls.type_name}"
        bundled = cls.__module__.startswith(f"{PACKAGE}.")
        folder = SCHEMAS / cls.type_name.split("_", 1)[0] if bundled else Path(inspect.getfile(cls)).parent
        path = folder / f"{name}.json"
        try:
            return Schema.load(path)
        except FileNotFoundError:
            command = f"python -m {PACKAGE}.schemas --folder {folder} {name}"
            raise StandInError(f"{path} is missing: `{command}` writes it") from None
        except (KeyError, TypeError, ValueError) as error:
            raise StandInError(f"{path} is no schema: {type(error).__name__}: {error}") from None

    def validate(self, config: Values) -> Sequence[str]:
        """Errors, one line each, beyond the schema's own checks; the provider may not be configured yet."""
        return ()

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """The one line for an exception: in the form of the real provider where that is known.

        `doing` is creating, reading, updating, deleting or opening.
        """
        name = values.get("id") or values.get("name") or ""
        return f"{doing} {self.label or self.type_name}{f' ({name})' if name else ''}: {error}"


class Resource(Type[C]):
    """A managed resource.

    Methods get and return attribute values by name. What `read` (and `create`, `update`) leaves out stays as it is
    in the state or plan; a None that they return becomes the zero value of its type, as in SDKv2.
    """

    kind = "resource"
    normalise: ClassVar[Normalisers] = {}
    suppress: ClassVar[Suppressors] = {}
    as_written: ClassVar[Collection[str]] = ()
    """Arguments that are normalised in the plan only: what is applied is the text as the user wrote it (the real
    provider's StateFunc, with SDKv2's NewExtra)."""
    read_after_create: ClassVar[bool] = True
    """Whether the state of a new one is what `read` says, as nearly always, and not what was planned."""

    identity: ClassVar[Identity | None] = None
    """What tells one of this type from all others; None as long as the type has none."""

    def identify(self, context: C, state: Values) -> Values:
        """The values of `identity`."""
        return state

    def import_identity(self, context: C, identity: Values) -> Values:
        """As `import_state`, by the identity that a user gives."""
        assert self.identity is not None
        return self.import_state(context, self.identity.id_of(identity))

    def customise(self, context: C, change: Change) -> None:
        """Complete a plan: make values unknown, replace, or raise DiagnosticError."""

    def create(self, context: C, planned: Values) -> Values:
        """Create it and return at least its `id`; unknown values are None here. `read` is called next."""
        raise NotImplementedError

    def read(self, context: C, state: Values) -> Values | None:
        """What it is now; None or NotFoundError when it is gone."""
        raise NotImplementedError

    def refresh(self, context: C, state: Values) -> Values | None:
        """What Terraform asks for: `read`, and around it what all types of a provider have in common."""
        return self.read(context, state)

    def update(self, context: C, prior: Values, planned: Values) -> Values | None:
        """Change it in place; `read` is called next."""
        raise NotImplementedError

    def modify(self, context: C, prior: Values, planned: Values) -> Values | None:
        """As `refresh` is to `read`: what all types of a provider do on an update, around `update`."""
        return self.update(context, prior, planned)

    def delete(self, context: C, state: Values) -> None:
        """Delete it; NotFoundError is as good."""
        raise NotImplementedError

    def import_state(self, context: C, import_id: str) -> Values:
        """What `read` needs to find the resource by the id that a user gives to `terraform import`."""
        return {"id": import_id}


class DataSource(Type[C]):
    """Something that is only read."""

    kind = "data"

    def read(self, context: C, config: Values) -> Values:
        """All values: `config` holds the arguments, with their defaults."""
        raise NotImplementedError


class EphemeralResource(Type[C]):
    """Something that no plan and no state keeps, a password above all."""

    kind = "ephemeral"

    def open(self, context: C, config: Values) -> Values:
        """All values."""
        raise NotImplementedError


class Provider(Generic[C]):
    """A provider: its name, its configuration, its types."""

    name: ClassVar[str]
    protocol: ClassVar[int]
    arguments: ClassVar[Collection[str]]
    types: Sequence[type[Type[C]]]
    """The bundled ones."""

    with_own: Callable[[Sequence[type[Type[C]]]], Sequence[type[Type[C]]]] | None = None
    """Adds an app's own types, where a provider is served with them."""

    def load_types(self) -> Sequence[type[Type[C]]]:
        """The bundled types and those that the app adds. Raises StandInError."""
        return self.with_own(self.types) if self.with_own else self.types

    def load_schema(self) -> Schema:
        """The schema of the provider's own configuration."""
        return Schema.load(SCHEMAS / self.name / "provider.json")

    def configure(self, config: Values) -> None:
        """Take the configuration; it must reach nothing, so that a plan works without the services."""
        raise NotImplementedError

    def context(self, values: Values) -> C:
        """What a type works with; `values` are the type's own (a region of its own, for example)."""
        raise NotImplementedError
