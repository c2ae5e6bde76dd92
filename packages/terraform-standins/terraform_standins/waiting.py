"""Poll until a condition holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def poll(
    ask: Callable[[], T],
    seconds: float,
    *,
    until: Callable[[T], object] = bool,
    every: float = 0.02,
    slowest: float = 0,
) -> T:
    """Call `ask` until its result satisfies `until`, or until `seconds` have passed; return its last result.

    The pause between two calls grows from `every` to `slowest` seconds.
    """
    deadline = time.monotonic() + seconds
    while not until(result := ask()) and time.monotonic() < deadline:
        time.sleep(every)
        every = max(every, min(every * 1.5, slowest))
    return result
