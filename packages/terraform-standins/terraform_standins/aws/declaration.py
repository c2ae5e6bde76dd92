"""What declares a managed resource of AWS: its calls, the names of their parameters, and how to find it in answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from ..protocol.base import Resource
from ..protocol.values import Values
from .cloud import Aws
from .documents import Document
from .model import pairs, to_aws
from .tags import Tagging
from .type import AwsType
from .waiting import retry

REGIONAL, GLOBAL = ("account_id", "region"), ("account_id",)
"""Attributes of an identity that say where the resource is."""
GONE = "(?i).*(NotFound|NoSuch|Non-?Exist|DoesNotExist).*|404"
"""AWS's error codes that mean that something does not exist, as a pattern."""
_PROPAGATION_SECONDS = 300
Computed = str | Callable[[Values, Any], Any]


@dataclass(frozen=True)
class Calls:
    """The methods of the client that create, read, update and delete a resource.

    Each gets the arguments that it takes. A method in `update` is called if one of its arguments has changed. If it is
    also the method of `create`, an update creates the resource again, over the old one.
    """

    create: str = ""
    read: str = ""
    update: str | Sequence[str] = ()
    delete: str = ""

    @classmethod
    def of(
        cls, noun: str, create: str = "create", read: str = "get", update: str = "update", delete: str = "delete"
    ) -> Calls:
        """The methods `create_NOUN`, `get_NOUN`, `update_NOUN` and `delete_NOUN`.

        `describe*` is `describe_NOUNs`, and "" no method.
        """
        several = re.sub(r"(?<![aeiou])y$", "ie", noun) + "s"
        verbs = (create, read, update, delete)
        return cls(*(f"{verb[:-1]}_{several}" if verb.endswith("*") else verb and f"{verb}_{noun}" for verb in verbs))

    @property
    def updates(self) -> Sequence[str]:
        """`update` as a sequence."""
        return tuple(filter(None, (self.update,))) if isinstance(self.update, str) else self.update


@dataclass(frozen=True)
class Wait:
    """Wait while a member of the resource (paths, separated by |) is one of `busy`; after a delete, until gone."""

    status: str
    busy: Collection[str]
    seconds: float = 1800
    after_delete: bool = True
    gone: Collection[str] = ()
    """Values of a resource that does not exist any more."""


class Declaration(AwsType, Resource[Aws]):
    """A managed resource of AWS: the class variables describe it; override a method where the behaviour differs.

    `read` returns all tags under `tags`, or leaves them to `tagging`. This class separates them from the provider's
    default tags. A change of tags alone calls `tagging` and not `update`.
    """

    calls: ClassVar[Calls] = Calls()
    answer: ClassVar[str] = ""
    """Where the read call's answer has the resource: `Role`, `Reservations[].Instances[]`; of a list, the element with
    the resource's name or id."""
    also: ClassVar[Sequence[str]] = ()
    """Further methods that read some of the arguments."""
    found_by: ClassVar[Collection[str] | None] = None
    """The arguments for the read call; None: all that it takes."""
    wrapper: ClassVar[str] = ""
    """The member of requests and answers that contains the arguments."""
    extra: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Method -> further parameters."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """Members that AWS may omit from the resource -> their values."""
    computed: ClassVar[Mapping[str, Computed]] = {}
    """Argument -> its value after a read: a format string with arguments, `region`, `account_id`, `partition`..., or a
    function of these and of AWS's answer."""
    omitted: ClassVar[Collection[str]] = ()
    """Blocks that AWS answers even if they are not configured; without values."""
    unread: ClassVar[Collection[str]] = ()
    """Arguments that keep the value of the state, whatever AWS answers."""
    id_form: ClassVar[str] = ""
    """The id as a format string, if it is neither in the answer nor the name; the import id, too, by default."""
    switches: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Argument -> the methods that set and remove it; of a set, those that add and remove elements."""
    temporary: ClassVar[Collection[str]] = ()
    """Parts of errors after which a call is repeated, such as those while a new role is not known everywhere."""
    waits: ClassVar[Wait | None] = None
    documents: ClassVar[Mapping[str, Document]] = {}
    """The arguments that are documents: the state keeps its text if AWS's document is equivalent."""
    tagging: ClassVar[Tagging | None] = None
    gone: ClassVar[Collection[str]] = ()
    """Further error codes of AWS that mean that the resource does not exist; most contain NotFound or the like."""
    regional: ClassVar[bool] = True
    import_form: ClassVar[Sequence[str]] = ()
    """The import id if it is not the id: its form in errors, then its arguments, separated as in the form."""
    derived: ClassVar[bool] = False
    """Whether a change of an argument that `update` cannot change replaces the resource, whatever the schema says, and
    arguments that no call takes are refused."""
    noun: ClassVar[str] = ""
    """What members of requests and answers may begin with, as `Vpc` in `VpcId`."""
    lenient: ClassVar[bool] = False
    """Whether reads leave arguments that are not configured unset, whatever AWS answers; an import reads all."""
    builds: ClassVar[str] = ""
    """A structure of AWS's API that the type's methods build: they take the arguments that it has members for."""
    kept: ClassVar[Collection[str]] = ()
    """Arguments that no call takes: only Terraform uses them, or a method of the type does."""

    def __init_subclass__(cls) -> None:
        cls.normalise = {**{name: document.normalise for name, document in cls.documents.items()}, **cls.normalise}
        cls.suppress = {**{name: document.same for name, document in cls.documents.items()}, **cls.suppress}

    def call(self, aws: Aws, method: str, values: Values, *, keep: Collection[str] = (), **more: Any) -> Any:
        """Call a method of the client with the arguments that it takes, and `more`.

        Zero values are omitted, except for arguments in `keep`, which have changed to zero.
        """
        request = self._request(aws, method, values, keep)
        return self.repeat(lambda: getattr(self.client(aws), method)(**{**request, **more}))

    def repeat(self, call: Callable[[], Any]) -> Any:
        """What `call` returns; repeat it after a temporary error."""
        return retry(
            call, lambda error: any(text in str(error) for text in self.temporary), seconds=_PROPAGATION_SECONDS
        )

    def _request(self, aws: Aws, method: str, values: Values, keep: Collection[str] = ()) -> dict[str, Any]:
        block, shape = self.schema.block, self.operation(method).input_shape
        computed = {name for name, attribute in block.attributes.items() if not attribute.settable} - {"id"}
        settable = {name: value for name, value in values.items() if name not in computed}
        request = to_aws(
            block, shape, {**settable, "tags": values.get("tags_all")}, self.names, keep, self.wrapper, self.noun
        )
        return {**request, **self.extra.get(method, {})}

    @cached_property
    def supported(self) -> frozenset[str]:
        """The arguments that are implemented: those of a derived type that a call takes."""
        supported, known = super().supported, self.known if self.derived and self.arguments is None else ()
        return frozenset(name for name in supported if not known or name.partition(".")[0] in known)

    @cached_property
    def known(self) -> Collection[str]:
        """The arguments that a call takes, and those that need none."""
        calls = filter(None, (self.calls.create, self.calls.delete))
        known = {name for call in calls for name in self.takes(call)}.union(self.changeable(), self.kept)
        known |= self._pairs(self.shape(self.builds)).keys() if self.builds else set()
        return known | {"tags", "tags_all", "id", "region", "timeouts", "skip_destroy", f"{self.named_by}_prefix"}

    def takes(self, method: str) -> Collection[str]:
        """The arguments that a method of the client takes."""
        return self._pairs(self.operation(method).input_shape).keys() - {"tags"}

    def _pairs(self, shape: Any) -> dict[str, str]:
        return pairs(self.schema.block, shape, self.names, self.wrapper, self.noun)

    def changeable(self) -> Collection[str]:
        """The arguments that `update` can change."""
        return {*self.switches, *(name for method in self.calls.updates for name in self.takes(method))}
