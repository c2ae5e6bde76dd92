"""Show the running steps, the time that each took and, with --verbose, the output of the tools."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape


@dataclass
class Step:
    """A running step."""

    steps: Steps
    outcome: str = ""
    """Text to print after the title when the step has ended."""

    def __call__(self, line: str) -> None:
        """Show a line of a tool's output, with --verbose only."""
        self.steps.detail(line)

    def notice(self, line: str) -> None:
        """Show a line to the user, such as a change of the machine."""
        self.steps.say(f"  {line}")

    def begin(self, part: str) -> None:
        """Show a part of the step, with its seconds, until it ends."""
        self.steps.parts[part] = time.monotonic()

    def end(self, part: str) -> None:
        """End a part of the step."""
        self.steps.parts.pop(part, None)


class Steps:
    """The steps of one command, shown on standard error; thread-safe.

    With `quiet`, steps that succeed show only their notices.
    """

    def __init__(self, *, verbose: bool = False, quiet: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.verbose = verbose
        self.quiet = quiet
        self._lock = threading.Lock()
        self._open: list[str] = []
        self.parts: dict[str, float] = {}
        """The parts of the steps that are in progress, with the time of their start."""
        # Rendered again several times a second, on a terminal only.
        self._status = self.console.status(self)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` while the block runs, and its time in seconds when it has ended."""
        started = time.monotonic()
        step = Step(self)
        self._show(lambda: self._open.append(title))
        try:
            yield step
        except BaseException:
            self._done("[red]✗[/red]", title, started)
            raise
        self._done("" if self.quiet else "[green]✓[/green]", title, started, step.outcome)

    def detail(self, line: str) -> None:
        """Show a line of a tool's output, with --verbose only."""
        if self.verbose:
            with self._lock:
                self.console.print(f"  [dim]{escape(line)}[/dim]")

    def say(self, line: str) -> None:
        """Show a line to the user."""
        with self._lock:
            self.console.print(escape(line))

    def _done(self, mark: str, title: str, started: float, outcome: str = "") -> None:
        self._show(lambda: self._open.remove(title))
        if not mark:
            return
        with self._lock:
            self.console.print(f"{mark} {escape(title + outcome)} [dim]{time.monotonic() - started:.1f} s[/dim]")

    def _show(self, change: Callable[[], None]) -> None:
        with self._lock:
            change()
            if self._open:
                self._status.start()
            else:
                self._status.stop()

    def __rich__(self) -> str:
        now = time.monotonic()
        parts = [f"  {part} {now - started:.0f} s" for part, started in tuple(self.parts.items())]
        return escape("\n".join([" · ".join(self._open), *parts]))
