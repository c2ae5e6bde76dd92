"""Show what is being done, how long each step took, and what the tools print when that is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

Report = Callable[[str], None]


class Steps:
    """The steps of one command, on standard error; safe to use from several threads."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.verbose = verbose
        self._lock = threading.Lock()
        self._open: list[str] = []
        self._status = self.console.status("")

    @contextmanager
    def step(self, title: str) -> Iterator[Report]:
        """Show `title` while the block runs, and its time (seconds) when it is done; yields where progress goes."""
        started = time.monotonic()
        self._show(lambda: self._open.append(title))
        try:
            yield self.detail
        except BaseException:
            self._done("[red]✗[/red]", title, started)
            raise
        self._done("[green]✓[/green]", title, started)

    def detail(self, line: str) -> None:
        """A line of what a tool prints: shown with --verbose only."""
        if self.verbose:
            with self._lock:
                self.console.print(f"  [dim]{escape(line)}[/dim]")

    def say(self, line: str) -> None:
        """A line for the user."""
        with self._lock:
            self.console.print(escape(line))

    def _done(self, mark: str, title: str, started: float) -> None:
        self._show(lambda: self._open.remove(title))
        with self._lock:
            self.console.print(f"{mark} {escape(title)} [dim]{time.monotonic() - started:.1f} s[/dim]")

    def _show(self, change: Callable[[], None]) -> None:
        with self._lock:
            change()
            if self._open:
                self._status.update(escape(" · ".join(self._open)))
                self._status.start()
            else:
                self._status.stop()
