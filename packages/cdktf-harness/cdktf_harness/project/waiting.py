"""Wait for something that nothing announces."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def poll(ask: Callable[[], T], seconds: float, *, until: Callable[[T], object] = bool, every: float = 0.02) -> T:
    """Call `ask` until its result satisfies `until`, or until `seconds` have passed; return its last result."""
    deadline = time.monotonic() + seconds
    while not until(result := ask()) and time.monotonic() < deadline:
        time.sleep(every)
    return result
