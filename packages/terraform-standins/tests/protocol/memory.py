"""A provider whose cloud is a dictionary, written with the same base classes as any other.

Its cloud behaves like AWS: it omits values that were not set, and changes the order of sets.
"""

from __future__ import annotations

from typing import Any, ClassVar

from terraform_standins.protocol import tfplugin_pb2 as pb
from terraform_standins.protocol.base import Resource
from terraform_standins.protocol.codec import decode, encode
from terraform_standins.protocol.provider_base import Provider
from terraform_standins.protocol.schema import Attribute, Block, Schema, zero
from terraform_standins.protocol.servicer import Servicer
from terraform_standins.protocol.values import Values

Cloud = dict[str, Values]
NAME = "memory_thing"


def _filled(block: Block, values: Values) -> Values:
    """The values that the cloud stores: those of the request, and computed ones."""
    stored: Values = {}
    for name, attribute in block.attributes.items():
        value = values.get(name)
        if value is None and attribute.computed:
            value = _own(attribute)
        is_set = isinstance(attribute.type, list) and attribute.type[0] == "set"
        stored[name] = value[::-1] if is_set and value else value
    for name, nested in block.blocks.items():
        stored[name] = [_filled(nested.block, element) for element in values.get(name) or ()]
    return stored


def _own(attribute: Attribute) -> Any:
    own = {"string": "the cloud's", "number": 42, "bool": True}
    return own[attribute.type] if isinstance(attribute.type, str) else zero(attribute.type)


class Thing(Resource[Cloud]):
    """A resource with any schema."""

    type_name = NAME
    label = "Thing"
    schema: ClassVar[Schema]

    @classmethod
    def load_schema(cls) -> Schema:

        return cls.schema

    def create(self, context: Cloud, planned: Values) -> Values:

        context["1"] = _filled(self.schema.block, {**planned, "id": "1"})
        return {"id": "1"}

    def read(self, context: Cloud, state: Values) -> Values | None:

        return context.get(state["id"])

    def update(self, context: Cloud, prior: Values, planned: Values) -> None:

        context[prior["id"]] = _filled(self.schema.block, {**planned, "id": prior["id"]})

    def delete(self, context: Cloud, state: Values) -> None:

        del context[state["id"]]


class Memory(Provider[Cloud]):
    """A provider with its own cloud."""

    name = "memory"
    protocol = 5
    arguments = ()

    def __init__(self, thing: type[Thing]) -> None:
        self.types = (thing,)
        self.cloud: Cloud = {}

    def context(self, values: Values) -> Cloud:

        return self.cloud


def sorted_sets(block: Block, values: Values | None) -> Values | None:
    """The values in Terraform's form: with the elements of every set in a fixed order."""
    if values is None:
        return None
    ordered = dict(values)
    for name, attribute in block.attributes.items():
        if isinstance(attribute.type, list) and attribute.type[0] == "set" and isinstance(values[name], list):
            ordered[name] = sorted(values[name], key=repr)
    for name, nested in block.blocks.items():
        elements = [sorted_sets(nested.block, element) for element in values[name]]
        ordered[name] = sorted(elements, key=repr) if nested.nesting == "set" else elements
    return ordered


class Core:
    """Terraform's core with one resource: sends its configuration, and keeps its state."""

    def __init__(self, schema: Schema) -> None:
        thing = type("Thing", (Thing,), {"schema": schema})
        self._block = schema.block
        self.provider = Memory(thing)
        self._servicer = Servicer(self.provider)
        self.state: Values | None = None

    def plan(self, config: Values) -> tuple[Values, list[str]]:
        """The planned values, and the top-level names that replace the resource."""
        request = pb.PlanRequest(
            type_name=NAME,
            prior_state=encode(self.state),
            proposed_new_state=encode(config),
            config=encode(sorted_sets(self._block, config)),
        )
        answer = self._servicer.plan(request)
        assert not answer.diagnostics
        replace = [path.steps[0].attribute_name for path in answer.requires_replace]
        planned = sorted_sets(self._block, decode(answer.planned_state))
        assert planned
        return planned, replace

    def apply(self, config: Values, planned: Values | None) -> None:
        """Apply a plan (None: delete)."""
        request = pb.ApplyRequest(
            type_name=NAME,
            prior_state=encode(self.state),
            planned_state=encode(planned),
            config=encode(config),
        )
        answer = self._servicer.apply(request)
        assert not answer.diagnostics, answer.diagnostics
        self.state = sorted_sets(self._block, decode(answer.new_state))

    def refresh(self) -> None:
        """Read the resource into the state."""
        answer = self._servicer.read(pb.ReadResourceRequest(type_name=NAME, current_state=encode(self.state)))
        assert not answer.diagnostics
        self.state = sorted_sets(self._block, decode(answer.new_state))

    def replaced(self) -> Core:
        """Delete the resource."""
        self.apply({}, None)
        assert self.state is None
        return self
