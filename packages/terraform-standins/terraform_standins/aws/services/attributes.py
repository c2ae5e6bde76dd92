"""Services that store a resource as a map of strings, its attributes (SNS, SQS)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from ..model import text
from ..resource import Aws, AwsResource, Values, is_zero, same


class AttributesResource(AwsResource):
    """A resource whose arguments are attributes: `delay_seconds` is `DelaySeconds`, unless `names` has another name.

    Arguments that the create call takes directly and those in `kept` are not attributes.
    """

    answer = "Attributes"
    created: ClassVar[Collection[str] | None] = None
    """The attributes that the create call takes; None: all."""
    empty: ClassVar[Mapping[str, str]] = {}
    """Attribute -> its value if it is removed, where that is not ""."""

    def attributes(self, aws: Aws, planned: Values, prior: Values | None = None) -> dict[str, str]:
        """The attributes to send: those that are not zero on a create, else those that differ; "" removes one."""
        others = {*self.takes(self.calls.create), *self.kept, "id", "region", "tags", f"{self.named_by}_prefix"}
        return {
            self._attribute(name): text(planned[name])
            for name in self.supported - others
            if (not is_zero(planned[name]) if prior is None else not same(prior[name], planned[name]))
        }

    def changeable(self) -> Collection[str]:
        return self.supported

    def make(self, aws: Aws, planned: Values) -> Any:
        attributes = self.attributes(aws, planned)
        wanted = attributes if self.created is None else {k: v for k, v in attributes.items() if k in self.created}
        return self.call(aws, self.calls.create, planned, Attributes=wanted)

    def complete(self, aws: Aws, created: Values) -> None:
        if self.created is not None:
            left = {k: v for k, v in self.attributes(aws, created).items() if k not in self.created}
            self._set(aws, created, left)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, str]) -> Values:
        """The arguments; None for an attribute that is missing."""
        ours, answer = ("id", "region", "tags", "tags_all", *self.kept), {**self.defaults, **found}
        return {
            name: _value(answer.get(self._attribute(name)), attribute.type)
            for name, attribute in self.schema.block.attributes.items()
            if name not in ours
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        self._set(aws, planned, self.attributes(aws, planned, prior))

    def _set(self, aws: Aws, planned: Values, attributes: Mapping[str, str]) -> None:
        (method,) = self.calls.updates
        attributes = {key: value or self.empty.get(key, "") for key, value in attributes.items()}
        if "Attributes" not in self.operation(method).input_shape.members:
            for key, value in attributes.items():
                self.call(aws, method, planned, AttributeName=key, AttributeValue=value)
        elif attributes:
            self.call(aws, method, planned, Attributes=attributes)

    def _attribute(self, name: str) -> str:
        return self.names.get(name) or "".join(word.capitalize() for word in name.split("_"))


def _value(attribute: str | None, type_: str) -> Any:
    if attribute in (None, ""):
        return None
    return attribute == "true" if type_ == "bool" else int(attribute) if type_ == "number" else attribute
