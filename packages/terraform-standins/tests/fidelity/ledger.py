"""The listed differences, and the record of the comparison."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from .facts import Facts

LIST = Path(__file__).parent / "differences.toml"
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """A fact that differs between the real provider and the bundled one; values as JSON."""

    where: str
    real: str
    ours: str

    def __str__(self) -> str:
        return f"{self.where}\n    real: {self.real}\n    ours: {self.ours}"


@dataclass(frozen=True)
class Listed:
    """An entry of the list; `where`, `real` and `ours` are patterns with `*`."""

    where: str
    reason: str
    real: str = "*"
    ours: str = "*"

    def covers(self, difference: Difference) -> bool:
        """Whether this entry covers the difference."""
        pairs = ((difference.where, self.where), (difference.real, self.real), (difference.ours, self.ours))
        return all(fnmatchcase(value, _literal(pattern)) for value, pattern in pairs)


def _literal(pattern: str) -> str:
    # Only * is special: brackets and question marks are part of the values.
    return pattern.replace("[", "[[]").replace("?", "[?]")


@cache
def listed() -> tuple[Listed, ...]:
    """All entries of the list."""
    entries = tomllib.loads(LIST.read_text())["difference"]
    return tuple(
        Listed(where=where, reason=entry["reason"], **{k: entry[k] for k in ("real", "ours") if k in entry})
        for entry in entries
        for where in ([entry["where"]] if isinstance(entry["where"], str) else entry["where"])
    )


def not_compared() -> list[str]:
    """The types without a recording."""
    types: list[str] = tomllib.loads(LIST.read_text())["not_compared"]["types"]
    return types


@dataclass
class Account:
    """The number of compared facts by section, and the entries of the list that matched."""

    compared: dict[str, int] = field(default_factory=dict)
    differences: dict[str, list[Difference]] = field(default_factory=dict)
    met: set[Listed] = field(default_factory=set)

    def compare(self, section: str, case: str, real: Facts, ours: Facts) -> list[str]:
        """Compare the facts of a case; returns the differences that are not in the list."""
        found = []
        for name in sorted(real.keys() | ours.keys()):
            sides = [_text(facts[name]) if name in facts else ABSENT for facts in (real, ours)]
            self.compared[section] = self.compared.get(section, 0) + 1
            if sides[0] != sides[1]:
                found.append(Difference(f"{section}: {case}: {name}", *sides))
        self.differences.setdefault(section, []).extend(found)
        unlisted = []
        for difference in found:
            covering = [entry for entry in listed() if entry.covers(difference)]
            self.met.update(covering)
            if not covering:
                unlisted.append(str(difference))
        return unlisted

    def stale(self, section: str) -> list[str]:
        """Entries of a section without a match after all of the section was compared."""
        entries = [entry for entry in listed() if entry.where.split(":")[0] == section]
        return [entry.where for entry in entries if entry not in self.met]


def _text(value: Any) -> str:
    # 1.0 and 1 are the same number to Terraform.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


ACCOUNT = Account()
