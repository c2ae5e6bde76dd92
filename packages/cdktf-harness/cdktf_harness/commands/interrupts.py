"""Handle SIGTERM and SIGHUP like Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_AGAIN_SECONDS = 0.05
_came: list[int] = []


@contextmanager
def raised() -> Iterator[None]:
    """Raise KeyboardInterrupt at each of the signals while the block runs, except those that this process ignores.

    Raise it again where Python ignores errors, such as in a destructor or in parts of an import.
    """
    hook, before = sys.unraisablehook, {sig: signal.getsignal(sig) for sig in _SIGNALS}
    handled = [sig for sig in _SIGNALS if before[sig] is not signal.SIG_IGN]
    try:
        sys.unraisablehook = lambda error: _again() if error.exc_type is KeyboardInterrupt else hook(error)
        for sig in handled:
            signal.signal(sig, _raise)
        yield
    finally:
        sys.unraisablehook = hook
        for sig in handled:
            signal.signal(sig, before[sig])


def exit_code() -> int:
    """Return the exit code of a command that the first signal ended, as shells report it; 0 if there was none."""
    return 128 + _came[0] if _came else 0


def _again() -> None:
    """Send this process the last signal once more, when the code that ignores it has ended."""
    threading.Timer(_AGAIN_SECONDS, signal.pthread_kill, [threading.main_thread().ident, _came[-1]]).start()


def _raise(number: int, frame: FrameType | None) -> None:
    _came.append(number)
    raise KeyboardInterrupt
