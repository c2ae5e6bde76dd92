"""Plan changes as Terraform's SDKv2 does, which both real providers use.

Set defaults. Computed values stay (an update) or become unknown (a create). Equivalent values are no change. A change
of a `force_new` argument replaces the resource. Source: terraform-plugin-sdk v2, helper/schema/schema.go, and the plans
recorded from the real providers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .diagnostics import Path
from .schema import Attribute, Block, NestedBlock, zero
from .values import UNKNOWN, Values, is_known, is_zero, same

Normalisers = Mapping[str, Callable[[Any], Any]]
"""Dotted path without indexes -> converts a configured value to its stored form."""
Suppressors = Mapping[str, Callable[[Any, Any], bool]]
"""Dotted path without indexes -> whether an old and a new value are equivalent."""


@dataclass
class Change:
    """A planned change, which a resource type can complete (`Resource.customise`)."""

    prior: Values | None
    config: Values
    planned: Values
    replace: list[Path] = field(default_factory=list)

    @property
    def creating(self) -> bool:
        """Whether the resource does not exist yet."""
        return self.prior is None

    def changed(self, name: str) -> bool:
        """Whether the top-level attribute or block `name` changes."""
        return self.prior is None or not same(self.prior.get(name), self.planned.get(name))

    def force_new(self, name: str) -> None:
        """Replace the resource because of the top-level attribute `name`."""
        if self.prior is not None and (name,) not in self.replace:
            self.replace.append((name,))


@dataclass(frozen=True)
class Planner:
    """Makes plans for one resource type."""

    block: Block
    normalise: Normalisers = field(default_factory=dict)
    suppress: Suppressors = field(default_factory=dict)

    def plan(self, prior: Values | None, config: Values) -> Change:
        """Plan the change from `prior` (None: does not exist) to `config`."""
        change = Change(prior=prior, config=config, planned={})
        change.planned = self._block(self.block, prior, config, (), change)
        return change

    def _block(self, block: Block, prior: Values | None, config: Values, path: Path, change: Change) -> Values:
        planned: Values = {}
        for name, attribute in block.attributes.items():
            old = None if prior is None else prior.get(name)
            new = self._attribute(attribute, prior is None, old, config.get(name), (*path, name))
            planned[name] = new
            if attribute.force_new and not same(old, new):
                _replace(change, (*path, name))
        for name, nested in block.blocks.items():
            old = None if prior is None else prior.get(name)
            planned[name] = self._nested(nested, old, config.get(name), (*path, name), change)
        return planned

    def _attribute(self, attribute: Attribute, creating: bool, old: Any, config: Any, path: Path) -> Any:
        if attribute.write_only:
            return None
        key = dotted(path)
        new = config
        if config is None:
            if attribute.default is not None:
                new = attribute.default
            elif attribute.computed:
                return UNKNOWN if creating else old
            elif is_zero(old) or self._suppressed(key, old, ""):
                return old
            else:
                return None if isinstance(attribute.type, str) else zero(attribute.type)
        if new is UNKNOWN or (attribute.type[0] in ("map", "set") and not is_known(new)):
            # In SDKv2 a map or a set is unknown as a whole if a part of it is.
            return UNKNOWN
        if key in self.normalise and new != "":
            new = self.normalise[key](new)
        if old is not None and (_equal(attribute, old, new) or self._suppressed(key, old, new)):
            return old
        if old is None and attribute.type == "string" and self._suppressed(key, "", new):
            # SDKv2 calls DiffSuppressFunc at a create, too, with "" as the old value.
            return None
        return new

    def _suppressed(self, key: str, old: Any, new: Any) -> bool:
        return key in self.suppress and self.suppress[key](old, new)

    def _nested(self, nested: NestedBlock, old: Any, config: Any, path: Path, change: Change) -> Any:
        if config is UNKNOWN or nested.nesting == "single":
            return config
        before: list[Values] = old or []
        if not config:
            if nested.computed:
                return UNKNOWN if change.creating else before
            if nested.keep_when_absent and before:
                config = [{} for _ in before]
            elif before:
                if nested.force_new:
                    _replace(change, path)
                return []
        if nested.nesting == "set":
            return self._set(nested, before, config or [], path, change)
        if nested.force_new and len(before) != len(config or []):
            _replace(change, path)
        return [
            self._block(nested.block, before[i] if i < len(before) else None, element, (*path, i), change)
            for i, element in enumerate(config or [])
        ]

    def _set(self, nested: NestedBlock, before: list[Values], config: list[Values], path: Path, change: Change) -> Any:
        # SDKv2 identifies the elements of a set by their hash: any difference makes another element.
        ignored = Change(prior=None, config={}, planned={})
        after = [_written(nested.block, self._block(nested.block, None, element, path, ignored)) for element in config]
        after = [next((old for old in before if _same_element(nested.block, old, new)), new) for new in after]
        kept = [element for element in before if element in after]
        if len(kept) == len(before) == len(after):
            return before
        if nested.force_new or any(a.force_new for a in nested.block.attributes.values()):
            _replace(change, path)
        return after


def dotted(path: Path) -> str:
    """A path without its indexes, the form of `Normalisers` and `Suppressors`: `build.context`."""
    return ".".join(step for step in path if isinstance(step, str))


def _replace(change: Change, path: Path) -> None:
    if not change.creating and path not in change.replace:
        change.replace.append(path)


def _written(block: Block, element: Values) -> Values:
    # SDKv2 stores a new element of a set completely, in its old text format, which has no null strings and lists.
    written = dict(element)
    for name, attribute in block.attributes.items():
        if element[name] is None and (attribute.type == "string" or attribute.type[0] in ("list", "set")):
            written[name] = zero(attribute.type)
    for name, nested in block.blocks.items():
        if nested.nesting == "list" and is_known(element[name]):
            written[name] = [_written(nested.block, one) for one in element[name] or ()]
    return written


def _equal(attribute: Attribute, old: Any, new: Any) -> bool:
    if isinstance(attribute.type, list) and attribute.type[0] == "set" and isinstance(new, list):
        return len(old) == len(new) and all(element in old for element in new)
    return bool(old == new)


def _same_element(block: Block, old: Values, new: Values) -> bool:
    computed = {name for name, a in block.attributes.items() if a.computed and new[name] is UNKNOWN}
    return all(name in computed or same(value, new[name]) for name, value in old.items())
