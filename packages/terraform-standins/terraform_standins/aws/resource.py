"""The base class of AWS's managed resources: it derives from a declaration what a resource does.

The modules of types import from here what they need to declare and override.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from ..protocol.base import existing
from ..protocol.diagnostics import DiagnosticError
from ..protocol.identity import Identity
from ..protocol.plan import Change
from ..protocol.values import UNKNOWN, Values, is_known, is_zero, same
from .cloud import Aws
from .declaration import GONE, REGIONAL, Calls, Wait
from .documents import JSON
from .messages import or_none
from .model import first, given, member, value_at
from .names import name_of, parts, unique_id
from .policy import POLICY
from .reading import Reading
from .tags import Tagging, all_tags, as_list
from .type import AwsData
from .waiting import wait_for

__all__ = ["JSON", "POLICY", "REGIONAL", "UNKNOWN", "Answer", "Aws", "AwsData", "AwsResource", "Calls", "Change"]
__all__ += ["DiagnosticError", "Identity", "Tagging", "Values", "Wait", "as_list", "first", "given", "is_known"]
__all__ += ["is_zero", "or_none", "same", "unique_id"]
Answer = Mapping[str, Any]
"""A structure of AWS's API in an answer."""
_TAGS = ("tags", "tags_all")
_DETACH = ("detach_", "disassociate_address", "remove_")


class AwsResource(Reading):
    """A managed resource of AWS; override a method where the behaviour differs from what is derived.

    `read` returns all tags under `tags`, or leaves them to `tagging`. This class separates them from the provider's
    default tags. A change of tags alone calls `tagging` and not `update`.
    """

    def id_of(self, values: Values) -> str:
        """The id, if AWS returns none. Raises KeyError if it should have."""
        if not (self.id_form or self.named_by):
            raise KeyError("id")
        return self.id_form.format_map(values) if self.id_form else str(values[self.named_by])

    def customise(self, aws: Aws, change: Change) -> None:
        """Set region and tags_all, as the provider does for every type."""
        if self.regional:
            configured = change.config.get("region")
            change.planned["region"] = aws.region if configured is None else configured
            if change.prior and change.prior.get("region") not in (None, change.planned["region"]):
                change.force_new("region")
        if self.tagging is not None:
            change.planned["tags_all"] = all_tags(aws.settings, change)
        if self.derived and change.prior is not None:
            fixed = self.supported - set(self.changeable()) - {*_TAGS, *self.kept, "region", "timeouts"}
            fixed |= self.supported & {self.named_by}
            for name in filter(change.changed, fixed):
                change.force_new(name)

    def create(self, aws: Aws, planned: Values) -> Values:
        """Make the create call, then update what it does not take. The id is in its answer, or `id_of` the values."""
        self._refuse_untaken(aws, planned)
        if self.generated:
            name_of(planned, self.named_by)
        created = {"id": self._id_in(aws, self.make(aws, planned)) or self.id_of(planned)}
        with existing(created["id"]):
            self.complete(aws, {**planned, **created})
        return created

    def make(self, aws: Aws, planned: Values) -> Any:
        """Make the create call, if there is one, and return its answer."""
        return self.call(aws, self.calls.create, planned) if self.calls.create else {}

    def complete(self, aws: Aws, created: Values) -> None:
        """Wait for a new resource, and set what the create call does not take."""
        self.wait(aws, created)
        if self.tagging is not None and created["tags_all"] and not any("tag" in name.lower() for name in self._input):
            self.tagging.change(
                self.client(aws), {**created, **(self.read(aws, created) or {})}, {}, created["tags_all"]
            )
        taken = self.takes(self.calls.create) if self.calls.create else ()
        late = set(self.changeable()).difference(taken, ("id",))
        attributes = self.schema.block.attributes
        if left := [n for n in late if not is_zero(created[n]) and not self._is_default(attributes.get(n), created[n])]:
            self.update(aws, {**created, **{name: [] if name not in attributes else None for name in left}}, created)

    @property
    def _input(self) -> Collection[str]:
        return self.operation(self.calls.create).input_shape.members if self.calls.create else ("tags",)

    def _is_default(self, attribute: Any, value: Any) -> bool:
        return attribute is not None and (not attribute.settable or value == attribute.default)

    def _id_in(self, aws: Aws, answer: Mapping[str, Any]) -> str | None:
        # At the top of the answer, or in the object in it.
        shape = self.operation(self.calls.create).output_shape if answer else None
        inside = getattr(shape, "members", {}).items() if "id" in self.names else ()
        for start in ("", *(f"{name}{'[]' if one.type_name == 'list' else ''}" for name, one in inside)):
            part = member(shape, start) if start else shape
            path = self._pairs(part).get("id") if getattr(part, "type_name", "") == "structure" else None
            found = path and value_at(answer, f"{start}.{path}" if start else path)
            if found:
                return str(found[0] if isinstance(found, list) else found)
        return None

    def _refuse_untaken(self, aws: Aws, planned: Values) -> None:
        for name in {argument.partition(".")[0] for argument in self.supported}.difference(self.known):
            if not is_zero(planned[name]) and not self._is_default(
                self.schema.block.attributes.get(name), planned[name]
            ):
                raise NotImplementedError(f"no call of {self.type_name} takes {name}: put it in `names` or `refused`")

    def update(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        """Make the update calls that take an argument that has changed."""
        changed = {name for name in planned if not same(prior[name], planned[name])}
        for method in self.calls.updates:
            if method == self.calls.create:
                self.make(aws, planned)
            elif changed.intersection(self.takes(method)):
                self.change(aws, method, planned, changed)
                self.wait(aws, planned)
        for name in self.switches.keys() & changed:
            self._switch(aws, prior, planned, name)
        return None

    def _switch(self, aws: Aws, prior: Values, planned: Values, name: str) -> None:
        (on, off), old, new = self.switches[name], prior[name], planned[name]
        if isinstance(old or new, list):
            old, new = (_without(old, new), _without(new, old))
        elif not (is_zero(new) or off.startswith(_DETACH)):
            old = None
        for method, value in ((off, old), (on, new)):
            for one in () if is_zero(value) else self._at_once(method, name, value):
                or_none(partial(self.call, aws, method, {**planned, name: one}), *((GONE,) if method == off else ()))

    def _at_once(self, method: str, name: str, value: Any) -> Sequence[Any]:
        """The values of the calls: one for each element of a set, unless the method takes several."""
        shape = self.operation(method).input_shape
        several = name in self.takes(method) and member(shape, self._pairs(shape)[name]).type_name == "list"
        return [value] if several or not isinstance(value, list) else sorted(value)

    def change(self, aws: Aws, method: str, planned: Values, changed: Collection[str]) -> None:
        """Make one update call."""
        self.call(aws, method, planned, keep=changed)

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
        if state.get("skip_destroy"):
            return
        or_none(lambda: self.remove(aws, state), GONE, *self.gone)
        if (waits := self.waits) and waits.after_delete:
            wait_for(
                lambda: or_none(lambda: self.found(aws, state), GONE, *self.gone) is None or None,
                seconds=waits.seconds,
                waiting_for=f"{self.label} ({state['id']}) to be deleted",
            )

    def remove(self, aws: Aws, state: Values) -> None:
        """Detach what is attached, and make the delete call; without one nothing is left to delete, or it stays."""
        for name, (_, off) in self.switches.items():
            if off.startswith(_DETACH):
                self._switch(aws, state, {**state, name: None}, name)
        if self.calls.delete:
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
        form = self.import_form
        # The real provider imports no type whose id has other separators.
        if not form and re.search(r"}[/|:,_]{", self.id_form):
            form = (re.sub(r"[{}]", "", self.id_form), *re.findall(r"{(\w+)}", self.id_form))
        if form:
            values = parts(import_id, *form)
            return {"id": values.get("id") or self.id_of(values), **values}
        named = {} if "id" in self.names or not self.named_by else {self.named_by: import_id}
        return {"id": import_id, **named}


def _without(these: list[Any] | None, others: list[Any] | None) -> list[Any]:
    return [one for one in these or () if one not in (others or ())]
