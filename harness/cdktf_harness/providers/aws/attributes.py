"""Services that keep what a resource is in a map of texts (SNS, SQS): the one table that both ways go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol.values import Values, is_zero, same
from .model import text

Table = Mapping[str, tuple[str, type]]
"""Argument -> AWS's name of the attribute, and the type of the argument."""


def set_ones(table: Table, planned: Values) -> dict[str, str]:
    """The attributes that a new resource is created with: those that are not zero."""
    return {key: text(planned[name]) for name, (key, _) in table.items() if not is_zero(planned[name])}


def changed_ones(table: Table, prior: Values, planned: Values) -> dict[str, str]:
    """The attributes that differ; "" takes one away."""
    return {
        key: text(planned[name])
        for name, (key, _) in table.items()
        if name in planned and not same(prior[name], planned[name])
    }


def as_values(table: Table, attributes: Mapping[str, str]) -> Values:
    """AWS's attributes as values: None for one that is not there."""
    return {name: _value(attributes.get(key), kind) for name, (key, kind) in table.items()}


def _value(attribute: str | None, kind: type) -> Any:
    if attribute in (None, ""):
        return None
    return attribute == "true" if kind is bool else kind(attribute)
