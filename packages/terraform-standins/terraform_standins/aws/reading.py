"""Read a managed resource of AWS as its declaration describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..protocol.schema import Block
from ..protocol.values import Values, is_zero
from .cloud import Aws
from .declaration import GONE, Declaration
from .documents import normalise_json
from .messages import or_none
from .model import member, value_at
from .names import prefix_of
from .tags import visible
from .waiting import wait_for


class Reading(Declaration):
    """Finds a resource in the answer of its read call."""

    @property
    def generated(self) -> bool:
        """Whether the name may be generated from a prefix."""
        return f"{self.named_by}_prefix" in self.schema.block.attributes

    def found(self, aws: Aws, state: Values) -> Any:
        """The resource in the answer of the read call; None if a list does not have it, or its status says so."""
        found = self._found(aws, state)
        ended = found is not None and self.waits is not None and self._states(found) & {*self.waits.gone}
        return None if ended else found

    def _found(self, aws: Aws, state: Values) -> Any:
        path = self.answer
        if not path.endswith("[]"):
            answer = self.call(aws, self.calls.read, state)
            return value_at(answer, path) if path else answer
        key = "id" if "id" in self.names else self.named_by
        its_member = self._pairs(self._answer_shape()).get(key)
        for answer in self._answers(aws, state):
            for one in value_at(answer, path):
                if its_member is None or value_at(one, its_member) == (state.get(key) or state["id"]):
                    return one
        return None

    def _answers(self, aws: Aws, state: Values) -> Iterator[Mapping[str, Any]]:
        method = self.calls.read
        if self.client(aws).can_paginate(method):
            state = state if self.found_by is None else {name: state.get(name) for name in self.found_by}
            yield from self.client(aws).get_paginator(method).paginate(**self._request(aws, method, state))
            return
        more: dict[str, Any] | None = {}
        while more is not None:
            answer = self.call(aws, method, state, **more)
            yield answer
            more = {"nextToken": answer["nextToken"]} if answer.get("nextToken") else None

    def _answer_shape(self) -> Any:
        shape = self.operation(self.calls.read).output_shape
        return member(shape, self.answer) if self.answer else shape

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Make the read call; its answer is the resource."""
        found = self.found(aws, state)
        return None if found is None else self.parsed(aws, state, found)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        """The arguments of a resource that the read call found."""
        block, values = self.schema.block, self.values(aws, self._answer_shape(), {**self.defaults, **found})
        for name in (*self.unread, *(() if "id" in self.names else ("id",))):
            values.pop(name, None)
        if self.arguments is None:
            ours = {argument.partition(".")[0] for argument in self.supported}
            values.update({name: [] for name in block.blocks.keys() & values.keys() - ours})
        for method in self.also:
            answer, shape = (
                self.call(aws, method, {**state, "id": state["id"]}),
                self.operation(method).output_shape,
            )
            values.update(self.values(aws, shape, answer))
        for name in self.documents.keys() & values.keys():
            values[name] = self.document(values[name])
        for name in self.omitted:
            values[name] = _configured(values[name])
        for name, form in self.computed.items():
            known = _Known(aws, {**state, **values})
            values[name] = form.format_map(known) if isinstance(form, str) else form(known, found)
        if "skip_destroy" in self.schema.block.attributes:
            values["skip_destroy"] = state.get("skip_destroy")
        identifying = {"id", "region", self.named_by, *self.import_form[1:]}
        arguments = [name for name, attribute in block.attributes.items() if attribute.settable]
        configured = any(state.get(name) is not None for name in arguments if name not in identifying)
        configured = configured or any(state.get(name) for name in block.blocks)
        if not (self.lenient and configured):
            return values
        # The provider's default tags are in no configuration of a resource.
        tags = {name: values[name] for name in ("tags",) if self.tagging is not None and name in values}
        return {**as_configured(block, state, values), **tags}

    @staticmethod
    def document(answer: Any) -> Any:
        """A document as text: botocore has parsed it if it could."""
        return normalise_json(json.dumps(answer)) if isinstance(answer, dict) else answer

    def refresh(self, aws: Aws, state: Values) -> Values | None:
        """`read`, then set name prefix, tags and region; None if the error code means that it does not exist."""
        answer = or_none(lambda: self.read(aws, state), GONE, *self.gone)
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

    def _states(self, found: Mapping[str, Any]) -> set[Any]:
        assert self.waits is not None
        states = [value_at(found, path) for path in self.waits.status.split("|")] if self.waits.status else []
        return {one for state in states for one in (state if isinstance(state, list) else [state])}

    def wait(self, aws: Aws, values: Values) -> None:
        """Wait until the resource is not busy, as `waits` describes it. Raises TimeoutError."""
        waits = self.waits
        if waits is None or not waits.status:
            return

        def ready() -> bool | None:
            found = self.found(aws, values)
            return None if found is None or self._states(found).intersection(waits.busy) else True

        wait_for(ready, seconds=waits.seconds, waiting_for=f"{self.label} ({values['id']})")


class _Known(dict[str, Any]):
    """Values for a format string, with those of the place: `region`, `account_id`, `partition`, `dns_suffix`."""

    def __init__(self, aws: Aws, values: Values) -> None:
        super().__init__(values, region=aws.region)
        self._aws = aws

    def __missing__(self, key: str) -> str:
        return str(getattr(self._aws, key))


def as_configured(block: Block, state: Values, values: Values) -> Values:
    """The values, with those of the state where the configuration sets nothing and the provider has no default."""
    kept = dict(values)
    for name in values.keys() & state.keys():
        attribute, nested, old = block.attributes.get(name), block.blocks.get(name), state[name]
        if nested is not None and not nested.computed and not old:
            kept[name] = old
        elif nested is not None and isinstance(old, list) and len(old) == len(values[name]):
            kept[name] = [as_configured(nested.block, *pair) for pair in zip(old, values[name], strict=True)]
        elif attribute is not None and is_zero(old) and attribute.settable and not attribute.computed:
            kept[name] = old if attribute.default is None else kept[name]
    return kept


def _configured(blocks: list[Values]) -> list[Values]:
    """The blocks with a value, at any depth."""
    inner = [
        {name: _configured(v) if v and isinstance(v, list) and isinstance(v[0], dict) else v for name, v in one.items()}
        for one in blocks
    ]
    return [one for one in inner if not all(map(is_zero, one.values()))]
