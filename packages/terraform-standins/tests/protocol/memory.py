"""A provider whose cloud is a dictionary: written with the authors' interface, like any other.

Its cloud has the habits of AWS: it says nothing of what was not set, and it keeps no order in a set.
"""

from __future__ import annotations

from typing import Any, ClassVar

from terraform_standins.protocol import tfplugin_pb2 as pb
from terraform_standins.protocol.codec import decode, encode
from terraform_standins.protocol.resource import Provider, Resource
from terraform_standins.protocol.schema import Attribute, Block, Schema, zero
from terraform_standins.protocol.servicer import Servicer
from terraform_standins.protocol.values import Values

Cloud = dict[str, Values]
NAME = "memory_thing"


def _filled(block: Block, values: Values) -> Values:
    """What a cloud stores: what it was told, and a value of its own for what it computes."""
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
    """Whatever its schema says."""

    type_name = NAME
    label = "Thing"
    schema: ClassVar[Schema]

    @classmethod
    def load_schema(cls) -> Schema:
        """The schema of the test at hand."""
        return cls.schema

    def create(self, context: Cloud, planned: Values) -> Values:
        """Store it."""
        context["1"] = _filled(self.schema.block, {**planned, "id": "1"})
        return {"id": "1"}

    def read(self, context: Cloud, state: Values) -> Values | None:
        """What is stored."""
        return context.get(state["id"])

    def update(self, context: Cloud, prior: Values, planned: Values) -> None:
        """Store the new values."""
        context[prior["id"]] = _filled(self.schema.block, {**planned, "id": prior["id"]})

    def delete(self, context: Cloud, state: Values) -> None:
        """Forget it."""
        del context[state["id"]]


class Memory(Provider[Cloud]):
    """A cloud of its own."""

    name = "memory"
    protocol = 5
    arguments = ()

    def __init__(self, thing: type[Thing]) -> None:
        self.types = (thing,)
        self.cloud: Cloud = {}

    def context(self, values: Values) -> Cloud:
        """The dictionary."""
        return self.cloud


def sorted_sets(block: Block, values: Values | None) -> Values | None:
    """The values as Terraform sends and keeps them: with the elements of every set in one order."""
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
    """As Terraform's core asks: one resource, its state, its configuration."""

    def __init__(self, schema: Schema) -> None:
        thing = type("Thing", (Thing,), {"schema": schema})
        self._block = schema.block
        self.provider = Memory(thing)
        self._servicer = Servicer(self.provider)
        self.state: Values | None = None

    def plan(self, config: Values) -> tuple[Values, list[str]]:
        """The planned values, and the top-level names for which it must be replaced."""
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
        """Read it again."""
        answer = self._servicer.read(pb.ReadResourceRequest(type_name=NAME, current_state=encode(self.state)))
        assert not answer.diagnostics
        self.state = sorted_sets(self._block, decode(answer.new_state))

    def replaced(self) -> Core:
        """The same after a delete."""
        self.apply({}, None)
        assert self.state is None
        return self
