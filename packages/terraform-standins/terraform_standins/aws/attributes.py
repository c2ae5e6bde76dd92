"""Services that store a resource as a map of strings, its attributes (SNS, SQS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol.values import Values, is_zero, same
from .cloud import Aws
from .model import text
from .resource import AwsResource


class AttributesResource(AwsResource):
    """A resource whose arguments are attributes: `delay_seconds` is `DelaySeconds`, unless `names` has another name.

    Arguments that the create call takes directly and those in `kept` are not attributes.
    """

    def attributes(self, aws: Aws, planned: Values, prior: Values | None = None) -> dict[str, str]:
        """The attributes to send: those that are not zero on a create, else those that differ; "" removes one."""
        others = {*self.takes(aws, self.calls.create), *self.kept, "id", "region", "tags", f"{self.named_by}_prefix"}
        return {
            self._attribute(name): text(planned[name])
            for name in self.supported - others
            if (not is_zero(planned[name]) if prior is None else not same(prior[name], planned[name]))
        }

    def parsed(self, attributes: Mapping[str, str]) -> Values:
        """The arguments; None for an attribute that is missing."""
        ours = ("id", "region", "tags", "tags_all", *self.kept)
        return {
            name: _value(attributes.get(self._attribute(name)), attribute.type)
            for name, attribute in self.schema.block.attributes.items()
            if name not in ours
        }

    def _attribute(self, name: str) -> str:
        return self.names.get(name) or "".join(word.capitalize() for word in name.split("_"))


def _value(attribute: str | None, type_: str) -> Any:
    if attribute in (None, ""):
        return None
    return attribute == "true" if type_ == "bool" else int(attribute) if type_ == "number" else attribute
