"""What ends a command: Ctrl-C, and the signals of those who want its end, which are taken as that."""

from __future__ import annotations

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_came: list[int] = []


def install() -> None:
    """Raise KeyboardInterrupt at each of the signals, but for those that this process was told to ignore."""
    for sig in _SIGNALS:
        if signal.getsignal(sig) is not signal.SIG_IGN:
            signal.signal(sig, _raise)


def exit_code() -> int:
    """The exit code of a command that the first of them ended, as shells have it; 0 when none came."""
    return 128 + _came[0] if _came else 0


def _raise(number: int, frame: FrameType | None) -> None:
    _came.append(number)
    raise KeyboardInterrupt
