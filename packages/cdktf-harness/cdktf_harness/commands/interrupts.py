"""Handle SIGTERM and SIGHUP like Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_REPEAT_SECONDS = 0.05
_received: list[int] = []


@contextmanager
def raised() -> Iterator[None]:
    """Raise KeyboardInterrupt at each of the signals while the block runs, except those that this process ignores.

    Raise it again where Python ignores errors, such as in a destructor or in parts of an import.
    """
    hook, before = sys.unraisablehook, {sig: signal.getsignal(sig) for sig in _SIGNALS}
    handled = [sig for sig in _SIGNALS if before[sig] is not signal.SIG_IGN]
    try:
        sys.unraisablehook = lambda error: _repeat() if error.exc_type is KeyboardInterrupt else hook(error)
        for sig in handled:
            signal.signal(sig, _raise)
        yield
    finally:
        sys.unraisablehook = hook
        for sig in handled:
            signal.signal(sig, before[sig])


def exit_code() -> int:
    """Return the exit code after the first signal, as shells report it; 0 without a signal."""
    return 128 + _received[0] if _received else 0


def _repeat() -> None:
    """Send the last signal to this process again, after the code that ignored it."""
    threading.Timer(_REPEAT_SECONDS, signal.pthread_kill, [threading.main_thread().ident, _received[-1]]).start()


def _raise(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt
