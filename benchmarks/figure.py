"""A measurement, its peer and its goal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the table.

    `ours` and `peer` are measured in the same rounds, in `unit`; `recorded` is a peer's time measured elsewhere.
    The goal is met if the median is at most `limit` and the ratio at most `limit_ratio`, if they are given.
    """

    name: str
    unit: str
    ours: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = ()
    recorded: str = ""
    limit: float | None = None
    limit_ratio: float | None = None
    notes: str = ""

    @property
    def median(self) -> float:
        """The median of `ours`."""
        return statistics.median(self.ours)

    @property
    def ratio(self) -> float | None:
        """The median of the ratios of ours to the peer in each round."""
        if not self.peer:
            return None
        return statistics.median(ours / peer for ours, peer in zip(self.ours, self.peer, strict=True))

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None if there is none."""
        checks = []
        if self.limit is not None:
            checks.append(self.median <= self.limit)
        if self.limit_ratio is not None and self.ratio is not None:
            checks.append(self.ratio <= self.limit_ratio)
        return all(checks) if checks else None

    def row(self) -> list[str]:
        """The figure as the cells of a table."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        peer = f"{self._spread(self.peer)} {self.peer_name}" if self.peer else self.recorded
        limits = [f"{self.limit:g} {self.unit}" if self.limit is not None else ""]
        limits.append(f"ratio {self.limit_ratio:g}" if self.limit_ratio is not None else "")
        met = {True: "yes", False: "no", None: ""}[self.met]
        return [self.name, self._spread(self.ours), peer, ratio, ", ".join(filter(None, limits)), met]

    def document(self) -> dict[str, Any]:
        """The figure as JSON, with every run."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": round(self.median, 4),
            "ours": [round(value, 4) for value in self.ours],
            "peer_name": self.peer_name,
            "peer": [round(value, 4) for value in self.peer],
            "recorded": self.recorded,
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "limit": self.limit,
            "limit_ratio": self.limit_ratio,
            "met": self.met,
            "notes": self.notes,
        }

    def _spread(self, values: Sequence[float]) -> str:
        low, middle, high = min(values), statistics.median(values), max(values)
        digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
        return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f}) {self.unit}"
