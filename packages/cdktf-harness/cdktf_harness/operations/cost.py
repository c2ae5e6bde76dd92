"""The cost of an app by its synthesized stacks and a table of list prices; nothing is asked, nothing has to run."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from cdktf_harness.synthesis.stacks import Block, Stack

_PRICES = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True)
class Cost:
    """US dollars of a construct: a month at rest, a million requests; `usage` is what else is billed."""

    path: str
    type: str
    month: float
    million: float
    usage: str = ""


@dataclass
class Estimate:
    """The costs of an app; `unknown` are the constructs whose type or arguments have no price in the table."""

    source: str
    costs: list[Cost] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def total(self) -> Cost:
        """Return the sum of the costs."""
        return Cost("together", "", sum(one.month for one in self.costs), sum(one.million for one in self.costs))


def estimate(stacks: Iterable[Stack], milliseconds: float) -> Estimate:
    """Return the costs of what the stacks have, with functions that take so many milliseconds for each request."""
    prices = tomllib.loads(_PRICES.read_text())
    found = Estimate(f"list prices of {prices['date']}, {prices['region']}, from {prices['source']}")
    for stack in stacks:
        found.unknown += [f"{path} (module)" for path in stack.modules.values()]
        for block in stack.resources():
            if price := prices["types"].get(block.type):
                try:
                    found.costs.append(_cost(block, price, milliseconds))
                except (KeyError, TypeError, ValueError):
                    # An argument is an expression of Terraform.
                    found.unknown.append(f"{block.path} ({block.type})")
            elif not any(fnmatch(block.type, pattern) for pattern in prices["free"]):
                found.unknown.append(f"{block.path} ({block.type})")
    return found


def _cost(block: Block, price: Mapping[str, Any], milliseconds: float) -> Cost:
    if "when" in price and not block.get(price["when"]):
        return Cost(block.path, block.type, 0, 0)
    million = price.get("million", 0.0)
    if "duration" in price:
        architecture = (block.get("architectures") or ["x86_64"])[0]
        million += price["duration"][architecture] * float(block.get("memory_size", 128)) / 1024 * milliseconds / 1000
    month = price.get("month", 0.0)
    if "times" in price:
        month += price["each"] * _count(block.values, price["times"].split("."))
    return Cost(block.path, block.type, month, million, price.get("usage", ""))


def _count(values: Mapping[str, Any], path: list[str]) -> int:
    """Return how many elements the blocks at a path have, or 1 if there is none, as for an alarm of one metric."""
    found = values.get(path[0]) or []
    blocks = found if isinstance(found, list) else [found]
    counted = len(blocks) if len(path) == 1 else sum(1 for one in blocks if one.get(path[1]))
    return max(counted, 1)
