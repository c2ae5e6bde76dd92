"""Tests of faults: the short form runs with all tests, the long one, too, by `make faults` (`-m` names `faults`).

Each test records what it tried; a table is printed at the end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .machines import alone as alone
from .machines import base as base

COLUMNS = ("fault", "points tried", "converged", "lost")
Tell = Callable[..., None]
Say = Callable[[str], None]


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tell:
    """Add a line to the table: what was tried at how many points, how many of them converged, how many lost something.

    A test calls it before it asserts anything.
    """

    def tell(fault: str, points: int, converged: int) -> None:
        record_property("tried", (fault, points, converged, points - converged))

    return tell


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Say:
    """Add a line below the table."""
    return lambda line: record_property("told", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, ())]
    lines: dict[str, list[int]] = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "tried":
                counts = lines.setdefault(value[0], [0, 0, 0])
                lines[value[0]] = [had + more for had, more in zip(counts, value[1:], strict=True)]
    if lines:
        terminalreporter.section("what was tried")
        for row in (COLUMNS, *((fault, *map(str, counts)) for fault, counts in sorted(lines.items()))):
            terminalreporter.line(f"{row[0]:<44}" + "".join(f"{cell:>14}" for cell in row[1:]))
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "told":
                terminalreporter.line(value)
