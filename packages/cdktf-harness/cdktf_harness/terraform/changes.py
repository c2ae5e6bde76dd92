"""Terraform's plans as objects, by construct path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from dataclasses import dataclass, field, fields
from typing import Any

from cdktf_harness.synthesis import inspection
from cdktf_harness.synthesis.matching import ABSENT, Sentinel, differences, look_up, show

UNKNOWN = Sentinel("(known after apply)")
# Values that providers of the older SDK cannot distinguish from null.
_EMPTY: tuple[Any, ...] = (None, ABSENT, "", 0, [], {})


@dataclass(frozen=True)
class Change:
    """The planned change of one resource.

    `action` is create, update, replace, delete or forget; `reason` is Terraform's, such as
    `replace_because_cannot_update`; `replaced_by` are the arguments that force a replacement; `unknown` are the dotted
    paths of values that are known after the apply; `before` and `after` are the values, or None.
    """

    path: str
    address: str
    type: str
    action: str
    reason: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    unknown: tuple[str, ...]
    replaced_by: tuple[str, ...]
    source: str = ""

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The dotted paths whose values change, with the value before and the one after (or UNKNOWN).

        Null and empty (or zero, or false) are the same here.
        """
        known = {
            path: values
            for path, values in differences(self.before or {}, self.after or {}).items()
            if path not in self.unknown and not all(value in _EMPTY for value in values)
        }
        unknown = {path: (look_up(self.before or {}, path), UNKNOWN) for path in self.unknown}
        return {**known, **unknown}

    def __str__(self) -> str:
        where = f", {self.source}" if self.source else ""
        lines = [f"{self.path}: {self.action} ({self.address}{where})"]
        if self.action in ("update", "replace"):
            changed = self.changed
            forcing = self.replaced_by
            lines += [
                f"  {path}: {show(before, 100)} -> {show(after, 100)}{' (forces replacement)' * (path in forcing)}"
                for path, (before, after) in changed.items()
                if after is not UNKNOWN or path in forcing
            ]
            unknown = [path for path, (_, after) in changed.items() if after is UNKNOWN and path not in forcing]
            lines += [f"  known after apply: {', '.join(unknown)}"] if unknown else []
        return "\n".join(lines)


@dataclass(frozen=True)
class Drift:
    """What was changed behind Terraform's back in one resource, and what Terraform would change back.

    `attributes` has, by dotted path, the value in the state and the real one; it is empty if the resource is gone.
    """

    path: str
    address: str
    attributes: Mapping[str, tuple[Any, Any]]
    source: str = ""

    def __str__(self) -> str:
        where = f", {self.source}" if self.source else ""
        lines = [f"{self.path} ({self.address}{where})" + ("" if self.attributes else ": deleted")]
        lines += [f"  {name}: {show(was, 100)} -> {show(now, 100)}" for name, (was, now) in self.attributes.items()]
        return "\n".join(lines)


@dataclass(frozen=True)
class Changes(Mapping[str, Change]):
    """The managed resources that would change, by construct path; `outputs` are the actions of changed outputs.

    `drift` has the resources that were changed behind Terraform's back, `moved` the previous path (or address) of those
    that are kept under another one.
    `documents` are Terraform's own plans by stack (`terraform show -json`, "Plan Representation").
    """

    changes: Mapping[str, Change]
    outputs: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    drift: Mapping[str, Drift] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, path: str) -> Change:
        inspection.note(path, *self.changes[path].changed if path in self.changes else ())
        if path not in self.changes:
            raise AssertionError(f"nothing would happen to {path!r}; {self}")
        return self.changes[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def values(self) -> ValuesView[Change]:
        """Return the changes, which does not inspect them."""
        return self.changes.values()

    def __str__(self) -> str:
        lines = [f"output {name}: {action}" for name, action in self.outputs.items()]
        found = [*map(str, self.values()), *lines]
        return "\n".join(["what would change:", *found]) if found else "nothing would change"

    def __or__(self, other: Changes) -> Changes:
        """Combine the changes of two stacks."""
        return Changes(*({**getattr(self, each.name), **getattr(other, each.name)} for each in fields(self)))

    @property
    def actions(self) -> dict[str, str]:
        """The actions by construct path."""
        return {path: change.action for path, change in self.changes.items()}

    def assert_empty(self) -> None:
        """Fail with the changes if a resource or an output would change."""
        __tracebackhide__ = True
        if self.changes or self.outputs:
            raise AssertionError("\n".join([f"no change expected, but {self}", *self._renamed()]))

    def _renamed(self) -> Iterator[str]:
        """Yield advice on resources that would be re-created under another path."""
        for old in (change for change in self.values() if change.action == "delete" and not change.replaced_by):
            for new in self.values():
                known = {name: value for name, value in (new.after or {}).items() if value is not None}
                if new.action == "create" and new.type == old.type and known.items() <= (old.before or {}).items():
                    yield f'{new.path} was {old.path}; keep it: `resource.move_from_id("{old.address}")`'

    def assert_actions(self, expected: Mapping[str, str]) -> None:
        """Fail with the differences unless exactly these resources would change, with these actions."""
        __tracebackhide__ = True
        problems = []
        for path in expected:
            inspection.note(path)
        for path in sorted({*expected, *self.changes}):
            wanted, found = expected.get(path, "untouched"), self.actions.get(path, "untouched")
            if wanted != found:
                shown = f"\n    {self.changes[path]}".replace("\n", "\n    ") if path in self.changes else ""
                problems.append(f"  {path}: expected {wanted}, is {found}{shown}")
        if problems:
            raise AssertionError("\n".join(["the plan is not as expected", *problems]))
