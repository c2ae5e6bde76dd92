"""Handle SIGTERM and SIGHUP like Ctrl-C."""

from __future__ import annotations

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_came: list[int] = []


def install() -> None:
    """Raise KeyboardInterrupt at each of the signals, except those that this process ignores."""
    for sig in _SIGNALS:
        if signal.getsignal(sig) is not signal.SIG_IGN:
            signal.signal(sig, _raise)


def exit_code() -> int:
    """Return the exit code of a command that the first signal ended, as shells report it; 0 if there was none."""
    return 128 + _came[0] if _came else 0


def _raise(number: int, frame: FrameType | None) -> None:
    _came.append(number)
    raise KeyboardInterrupt
