"""Handle SIGTERM and SIGHUP like Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_came: list[int] = []


@contextmanager
def raised() -> Iterator[None]:
    """Raise KeyboardInterrupt at each of the signals while the block runs, except those that this process ignores."""
    before = {sig: signal.getsignal(sig) for sig in _SIGNALS}
    handled = [sig for sig in _SIGNALS if before[sig] is not signal.SIG_IGN]
    try:
        for sig in handled:
            signal.signal(sig, _raise)
        yield
    finally:
        for sig in handled:
            signal.signal(sig, before[sig])


def exit_code() -> int:
    """Return the exit code of a command that the first signal ended, as shells report it; 0 if there was none."""
    return 128 + _came[0] if _came else 0


def _raise(number: int, frame: FrameType | None) -> None:
    _came.append(number)
    raise KeyboardInterrupt
