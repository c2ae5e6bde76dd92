"""What tests inspect of the stacks, for a report of what they do not. Nothing is noted unless it is turned on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

Arguments = dict[str, list[str]]
on = False
labels: dict[str, str] = {}
"""Type and line of each resource, by construct path."""
found: Arguments = {}
"""The arguments of each resource of a stack."""
seen: Arguments = {}
"""The resources that tests inspect, and the arguments."""


@contextmanager
def turned(now: bool) -> Iterator[None]:
    """Turn it on or off in this block."""
    global on
    before, on = on, now
    try:
        yield
    finally:
        on = before


def note(path: str, *arguments: str, into: Arguments = seen) -> None:
    """Note that a test inspects a resource, and these of its arguments (dotted paths)."""
    if on:
        merge(into, {path: (argument.partition(".")[0] for argument in arguments)})


def merge(into: Arguments, more: dict[str, Iterable[str]]) -> None:
    """Add arguments by path."""
    for path, arguments in more.items():
        into[path] = sorted({*into.get(path, ()), *arguments})
