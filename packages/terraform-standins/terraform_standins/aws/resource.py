"""The base class of AWS's managed resources: calls, tags and region."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ..protocol.base import Resource
from ..protocol.plan import Change
from ..protocol.values import Values, is_zero, same
from .cloud import Aws
from .documents import Document
from .messages import or_none
from .model import pairs, to_aws
from .names import name_of, parts, prefix_of
from .tags import Tagging, all_tags, visible
from .type import AwsType

REGIONAL, GLOBAL = ("account_id", "region"), ("account_id",)
"""Attributes of an identity that say where the resource is."""
_TAGS = ("tags", "tags_all")


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

    @property
    def updates(self) -> Sequence[str]:
        """`update` as a sequence."""
        return (self.update,) if isinstance(self.update, str) else self.update


class AwsResource(AwsType, Resource[Aws]):
    """A managed resource of AWS: `calls` and `names` describe it; override a method where the behaviour differs.

    `read` returns all tags under `tags`, or leaves them to `tagging`. This class separates them from the provider's
    default tags. A change of tags alone calls `tagging` and not `update`.
    """

    calls: ClassVar[Calls] = Calls()
    documents: ClassVar[Mapping[str, Document]] = {}
    """The arguments that are documents: the state keeps its text if AWS's document is equivalent."""
    tagging: ClassVar[Tagging | None] = None
    gone: ClassVar[Collection[str]] = ()
    """AWS's error codes that mean that the resource does not exist."""
    regional: ClassVar[bool] = True
    import_form: ClassVar[Sequence[str]] = ()
    """The import id if it is not the id: its form in errors, then its arguments, separated by slashes in the id."""
    kept: ClassVar[Collection[str]] = ()
    """Arguments that no call takes: only Terraform uses them, or a method of the type does."""

    def __init_subclass__(cls) -> None:
        cls.normalise = {**{name: document.normalise for name, document in cls.documents.items()}, **cls.normalise}
        cls.suppress = {**{name: document.same for name, document in cls.documents.items()}, **cls.suppress}

    def call(self, aws: Aws, method: str, values: Values, *, keep: Collection[str] = (), **more: Any) -> Any:
        """Call a method of the client with the arguments that it takes, and `more`.

        Zero values are omitted, except for arguments in `keep`, which have changed to zero.
        """
        request = self._taken(aws, method, {**values, "tags": values.get("tags_all")}, keep)
        return getattr(self.client(aws), method)(**{**request, **more})

    def _taken(self, aws: Aws, method: str, values: Values, keep: Collection[str]) -> dict[str, Any]:
        block = self.schema.block
        computed = {name for name, attribute in block.attributes.items() if not attribute.settable}
        settable = {name: value for name, value in values.items() if name not in computed}
        return to_aws(block, self.operation(aws, method).input_shape, settable, self.names, keep)

    def takes(self, aws: Aws, method: str) -> Collection[str]:
        """The arguments that a method of the client takes."""
        return pairs(self.schema.block, self.operation(aws, method).input_shape, self.names).keys() - {"tags"}

    def id_of(self, values: Values) -> str:
        """The id, if AWS returns none."""
        return str(values[self.named_by])

    def customise(self, aws: Aws, change: Change) -> None:
        """Set region and tags_all, as the provider does for every type."""
        if self.regional:
            configured = change.config.get("region")
            change.planned["region"] = aws.region if configured is None else configured
            if change.prior and change.prior.get("region") not in (None, change.planned["region"]):
                change.force_new("region")
        if self.tagging is not None:
            change.planned["tags_all"] = all_tags(aws.settings, change)

    def create(self, aws: Aws, planned: Values) -> Values:
        """Make the create call; the id is in its answer, or `id_of` the planned values."""
        self._refuse_untaken(aws, planned)
        if self.generated:
            name_of(planned, self.named_by)
        answer = self.call(aws, self.calls.create, planned)
        member = pairs(self.schema.block, self.operation(aws, self.calls.create).output_shape, self.names).get("id")
        return {"id": answer[member] if member else self.id_of(planned)}

    def _refuse_untaken(self, aws: Aws, planned: Values) -> None:
        calls = filter(None, (self.calls.create, *self.calls.updates, self.calls.delete))
        known = {name for call in calls for name in self.takes(aws, call)}
        known |= {*self.kept, *_TAGS, "id", "region", "timeouts", "skip_destroy", f"{self.named_by}_prefix"}
        for name in {argument.partition(".")[0] for argument in self.supported} - known:
            attribute = self.schema.block.attributes.get(name)
            if not is_zero(planned[name]) and (attribute is None or planned[name] != attribute.default):
                raise NotImplementedError(f"no call of {self.type_name} takes {name}: put it in `names` or `refused`")

    @property
    def generated(self) -> bool:
        """Whether the name may be generated from a prefix."""
        return f"{self.named_by}_prefix" in self.schema.block.attributes

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Make the read call; its answer is the resource."""
        answer = self.call(aws, self.calls.read, state)
        return self.values(aws, self.operation(aws, self.calls.read).output_shape.name, answer)

    def refresh(self, aws: Aws, state: Values) -> Values | None:
        """`read`, then set name prefix, tags and region; None if the error code means that it does not exist."""
        answer = or_none(lambda: self.read(aws, state), *self.gone)
        if answer is None:
            return None
        for name, document in self.documents.items():
            if answer.get(name):
                answer[name] = document.stored(state.get(name), answer[name])
        if self.generated:
            answer[f"{self.named_by}_prefix"] = prefix_of(answer[self.named_by])
        if self.tagging is not None:
            if "tags" not in answer:
                answer["tags"] = self.tagging.read(self.client(aws), {**state, **answer})
            everything = visible(aws.settings, answer["tags"] or {})
            configured, default = state.get("tags") or {}, aws.settings.default_tags
            answer["tags_all"] = everything
            answer["tags"] = {k: v for k, v in everything.items() if default.get(k) != v or configured.get(k) == v}
        return {**answer, "region": aws.region} if self.regional else answer

    def update(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        """Make the update calls that take an argument that has changed."""
        changed = {name for name in planned if not same(prior[name], planned[name])}
        for method in self.calls.updates:
            if method == self.calls.create:
                self.create(aws, planned)
            elif changed.intersection(self.takes(aws, method)):
                self.call(aws, method, planned, keep=changed)
        return None

    def modify(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        """`update` if anything but the tags has changed, then change the tags."""
        answer = None
        if any(not same(prior[key], planned[key]) for key in planned if key not in _TAGS):
            answer = self.update(aws, prior, planned)
        if self.tagging is not None:
            self.tagging.change(self.client(aws), prior, prior["tags_all"] or {}, planned["tags_all"] or {})
        return answer

    def delete(self, aws: Aws, state: Values) -> None:
        """`remove`, unless `skip_destroy` is set; no error if the resource does not exist."""
        if not state.get("skip_destroy"):
            or_none(lambda: self.remove(aws, state), *self.gone)

    def remove(self, aws: Aws, state: Values) -> None:
        """Make the delete call."""
        self.call(aws, self.calls.delete, state)

    def import_state(self, aws: Aws, import_id: str) -> Values:
        """Import by the id that the user gives; `ID@REGION` for another region than the provider's."""
        found, separator, region = import_id.rpartition("@") if self.regional else (import_id, "", "")
        found, region = (found, region) if separator else (import_id, aws.region)
        return {**self.from_import_id(found), **({"region": region} if self.regional else {})}

    def identify(self, aws: Aws, state: Values) -> Values:
        """Add account and region, which are not in the state of the types."""
        return {**state, "account_id": aws.account_id_or_none, "region": aws.region}

    def import_identity(self, aws: Aws, identity: Values) -> Values:
        """Import by the import id of an identity, in its region."""
        assert self.identity is not None
        region = identity.get("region")
        return self.import_state(aws, self.identity.id_of(identity) + (f"@{region}" if region else ""))

    def from_import_id(self, import_id: str) -> Values:
        """The values that `read` needs, from the real provider's import id."""
        if self.import_form:
            values = parts(import_id, *self.import_form)
            return {"id": values.get("id") or self.id_of(values), **values}
        named = {} if "id" in self.names or not self.named_by else {self.named_by: import_id}
        return {"id": import_id, **named}
