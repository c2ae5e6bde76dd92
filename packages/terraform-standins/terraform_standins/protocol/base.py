"""The base classes of types; the schema of a type is a file (schemas/).

`C` is the context that a provider passes to its types: a cloud's clients, a registry's login.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Sequence
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
    """An object does not exist (any more)."""


class PartlyCreatedError(Exception):
    """`cause` was raised after the call that created the resource: keep it in the state, tainted."""

    def __init__(self, values: Values, cause: Exception) -> None:
        super().__init__(str(cause))
        self.values = values
        self.cause = cause


@contextmanager
def existing(id_: str) -> Iterator[None]:
    """For the rest of `create` after the call that created the resource: an error keeps it in the state.

    Raises PartlyCreatedError if the block raises anything.
    """
    try:
        yield
    except Exception as error:
        raise PartlyCreatedError({"id": id_}, error) from error


class Type(Generic[C]):
    """The base class of resources, data sources and ephemeral resources."""

    kind: ClassVar[str]
    type_name: ClassVar[str]
    label: ClassVar[str] = ""
    """Its name in the real provider's errors: "ECR Repository"."""
    arguments: ClassVar[Collection[str] | None] = None
    """The arguments that are implemented; None: all in the schema except `refused`. Setting another one is an error.
    `block` is the block with all its arguments, `block.argument` only that one."""
    refused: ClassVar[Collection[str]] = ()
    """The arguments that are not implemented; shorter than `arguments` for most types."""

    @cached_property
    def schema(self) -> Schema:
        """The schema, loaded once."""
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
        """Load the schema: of a bundled type from this package, of a type that an app adds from its module's folder.

        Raises StandInError if the file is missing or malformed.
        """
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
            raise StandInError(f"{path} is not a schema: {type(error).__name__}: {error}") from None

    def validate(self, config: Values) -> Sequence[str]:
        """Errors beyond the schema's checks, one line each; the provider may not be configured yet."""
        return ()

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """One line for an exception, in the real provider's form if that is known.

        `doing` is creating, reading, updating, deleting or opening.
        """
        name = values.get("id") or values.get("name") or ""
        return f"{doing} {self.label or self.type_name}{f' ({name})' if name else ''}: {error}"


class Resource(Type[C]):
    """A managed resource.

    Methods get and return attribute values by name. Values that `read`, `create` or `update` omits stay as in the state
    or plan; a returned None becomes the zero value of its type, as in SDKv2.
    """

    kind = "resource"
    normalise: ClassVar[Normalisers] = {}
    suppress: ClassVar[Suppressors] = {}
    as_written: ClassVar[Collection[str]] = ()
    """Arguments that are normalised only in the plan: an apply uses the user's text (the real provider's StateFunc,
    with SDKv2's NewExtra)."""
    read_after_create: ClassVar[bool] = True
    """Whether the state of a new resource is the result of `read`, as usual, and not the planned values."""

    identity: ClassVar[Identity | None] = None
    """The identity of the type; None if it has none."""

    def identify(self, context: C, state: Values) -> Values:
        """The values of the identity's attributes."""
        return state

    def import_identity(self, context: C, identity: Values) -> Values:
        """As `import_state`, with the identity that the user gives."""
        assert self.identity is not None
        return self.import_state(context, self.identity.id_of(identity))

    def customise(self, context: C, change: Change) -> None:
        """Complete a plan: make values unknown, or replace the resource. Raises DiagnosticError if it is invalid."""

    def create(self, context: C, planned: Values) -> Values:
        """Create the resource and return at least its `id`. Unknown values are None. `read` is called next."""
        raise NotImplementedError

    def read(self, context: C, state: Values) -> Values | None:
        """The current values; None if it does not exist. Raises NotFoundError if it does not exist, too."""
        raise NotImplementedError

    def refresh(self, context: C, state: Values) -> Values | None:
        """`read`, with what a provider adds to it for all types."""
        return self.read(context, state)

    def update(self, context: C, prior: Values, planned: Values) -> Values | None:
        """Change the resource in place; `read` is called next."""
        raise NotImplementedError

    def modify(self, context: C, prior: Values, planned: Values) -> Values | None:
        """`update`, with what a provider adds to it for all types."""
        return self.update(context, prior, planned)

    def delete(self, context: C, state: Values) -> None:
        """Delete the resource. Raises NotFoundError if it does not exist, which is no error for the user."""
        raise NotImplementedError

    def import_state(self, context: C, import_id: str) -> Values:
        """The values that `read` needs, from the id that the user gives to `terraform import`."""
        return {"id": import_id}


class DataSource(Type[C]):
    """A data source."""

    kind = "data"

    def read(self, context: C, config: Values) -> Values:
        """All values; `config` has the arguments with their defaults."""
        raise NotImplementedError


class EphemeralResource(Type[C]):
    """An ephemeral resource: in no plan and no state, such as a password."""

    kind = "ephemeral"

    def open(self, context: C, config: Values) -> Values:
        """All values."""
        raise NotImplementedError
