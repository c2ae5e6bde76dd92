"""The line that `watch` prints for a change: the parts of its deployment with their times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.markup import escape

from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps

_SHOWN_FILES = 3


class Cycle:
    """The parts of the deployment of one change, with their times in seconds."""

    def __init__(self, changed: Iterable[Path]) -> None:
        self._started = time.monotonic()
        names = sorted(map(str, changed))
        more = f" and {len(names) - _SHOWN_FILES} more" if len(names) > _SHOWN_FILES else ""
        self._files = ", ".join(names[:_SHOWN_FILES]) + more or "files"
        self._parts: list[str] = []
        self._answer = ""

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[str], None]]:
        """Time the block as a part; yield a function that sets its outcome."""
        outcome: list[str] = []
        started = time.monotonic()
        yield outcome.append
        said = f" ({outcome[0]})" if outcome else ""
        self._parts.append(f"{name} {time.monotonic() - started:.1f} s{said}")

    def done(self, steps: Steps) -> None:
        """Show the line of a successful deployment."""
        self._show(steps, "[green]✓[/green]")

    def failed(self, error: HarnessError, steps: Steps, *, deployed: bool) -> None:
        """Show the error, and which version answers now."""
        if isinstance(error, CommandFailed) and error.tail:
            steps.console.print(f"[dim]{escape(error.tail)}[/dim]")
        now = "the change is deployed" if deployed else "the previous version keeps serving"
        self._parts.append(f"{error}; {now}")
        self._show(steps, "[red]✗[/red]")

    def _show(self, steps: Steps, mark: str) -> None:
        clock, total = time.strftime("%H:%M:%S"), time.monotonic() - self._started
        line = escape(f"{self._files}: {', '.join(self._parts)}")
        steps.console.print(f"{mark} [dim]{clock}[/dim] {line} [dim]{total:.1f} s[/dim]")
